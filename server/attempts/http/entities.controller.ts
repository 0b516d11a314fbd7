import { Controller, Get, Query } from '@nestjs/common';
import { type EntityQuery, entityQuery, type EntityView, entityView } from '../../contracts/entities.js';
import { staffRoles } from '../../contracts/people.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ReadEntity } from '../read-entity.js';

@Controller('api/v1/entities')
export class EntitiesController {
  constructor(private readonly entities: ReadEntity) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('What an address, a network or an application has to do with, from its newest attempts.', entityView)
  read(@Query(new Valid(entityQuery)) query: EntityQuery): Promise<EntityView> {
    return this.entities.read(query);
  }
}
