import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Page, pageOf } from '../../contracts/paging.js';
import {
  newPeople,
  peopleResult,
  personDetail,
  personView,
  type NewPerson,
  peopleQuery,
  type PeopleQuery,
  type PersonDetail,
  type PersonView,
  staffRoles,
} from '../../contracts/people.js';
import { Access, Caller, type CallerIdentity } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ReadPeople } from '../read-people.js';
import { SavePeople } from '../save-people.js';

@Controller('api/v1/people')
export class PeopleController {
  constructor(
    private readonly saving: SavePeople,
    private readonly people: ReadPeople,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('People by name.', pageOf(personView))
  list(@Query(new Valid(peopleQuery)) query: PeopleQuery): Promise<Page<PersonView>> {
    return this.people.list(query);
  }

  @Get(':id')
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('One person, and how things stand.', personDetail)
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<PersonDetail> {
    return this.people.read(id);
  }

  @Post()
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], scope: 'people:write', fresh: true })
  @Answers('Creates people, or updates those whose e-mail is known. All or none.', peopleResult)
  save(
    @Caller() caller: CallerIdentity,
    @Body(new Valid(newPeople)) body: NewPerson[],
    @Req() request: FastifyRequest,
  ): Promise<{ created: number; updated: number }> {
    return this.saving.save(caller, body, request.ip);
  }
}
