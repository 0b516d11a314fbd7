import { ApplicationEntity } from '../../applications/store/application.entity.js';
import { ApplicationKeyEntity } from '../../applications/store/application-key.entity.js';
import { PersonEntity } from '../../people/store/person.entity.js';

/** Every entity, by hand: a list that can be read beats one that is found by pattern. */
export const entities = [ApplicationEntity, ApplicationKeyEntity, PersonEntity];
