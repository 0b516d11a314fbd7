import type { EntityManager } from 'typeorm';
import { endTrust } from './store/devices.js';

/** Lets no device of a person skip the second factor any more. @returns how many did */
export const forgetTrust = (tx: EntityManager, personId: string): Promise<number> => endTrust(tx, personId, null);
