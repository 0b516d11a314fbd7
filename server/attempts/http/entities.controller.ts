import { Controller, Get, Param } from '@nestjs/common';
import { entityKeys, type EntityView, entityView } from '../../contracts/entities.js';
import { staffRoles } from '../../contracts/people.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ReadEntity } from '../read-entity.js';

/** What an address, a network or an application has to do with, from its newest attempts. */
@Controller('api/v1/entities')
export class EntitiesController {
  constructor(private readonly entities: ReadEntity) {}

  @Get('ip/:ip')
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('An address with its neighbourhood, who was tried from it and who got in.', entityView)
  address(@Param('ip', new Valid(entityKeys.ip)) ip: string): Promise<EntityView> {
    return this.entities.read({ ip });
  }

  @Get('asn/:asn')
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('A network by its number.', entityView)
  network(@Param('asn', new Valid(entityKeys.asn)) asn: number): Promise<EntityView> {
    return this.entities.read({ asn });
  }

  @Get('application/:application')
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('An application: who signs in to it, and from where.', entityView)
  application(@Param('application', new Valid(entityKeys.application)) application: string): Promise<EntityView> {
    return this.entities.read({ application });
  }
}
