import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Page } from '../../contracts/paging.js';
import {
  newPeople,
  type NewPerson,
  peopleQuery,
  type PeopleQuery,
  type PersonDetail,
  type PersonView,
  staffRoles,
} from '../../contracts/people.js';
import { actorOf } from '../../audit/actor-of.js';
import { AppendAudit } from '../../audit/append-audit.js';
import { Refusal } from '../../platform/errors.js';
import { Access, Caller, type CallerIdentity } from '../../platform/http/access.js';
import { Valid } from '../../platform/http/valid.js';
import { ReadPeople } from '../read-people.js';
import { savePeople } from '../save-people.js';

@Controller('api/v1/people')
export class PeopleController {
  constructor(
    private readonly database: DataSource,
    private readonly people: ReadPeople,
    private readonly audit: AppendAudit,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles })
  list(@Query(new Valid(peopleQuery)) query: PeopleQuery): Promise<Page<PersonView>> {
    return this.people.list(query);
  }

  @Get(':id')
  @Access({ kind: 'person', roles: staffRoles })
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<PersonDetail> {
    return this.people.read(id);
  }

  /** A key may report who works here, but never make somebody staff: that takes an administrator. */
  @Post()
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], scope: 'people:write' })
  async save(
    @Caller() caller: CallerIdentity,
    @Body(new Valid(newPeople)) body: NewPerson[],
    @Req() request: FastifyRequest,
  ): Promise<{ created: number; updated: number }> {
    if (caller.kind === 'key' && body.some((person) => person.role !== 'user' && person.role !== 'manager')) {
      throw new Refusal('forbidden', { detail: 'An application key may only name users and managers.' });
    }
    const simulated = caller.kind === 'key' && caller.applicationKind === 'simulated';
    return this.database.transaction(async (tx) => {
      const saved = await savePeople(tx, body, simulated, caller.kind === 'key');
      const detail = { created: saved.created.length, updated: saved.updated.length };
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'people.saved',
        target: { kind: 'people', id: null },
        detail,
        ip: request.ip,
      });
      return detail;
    });
  }
}
