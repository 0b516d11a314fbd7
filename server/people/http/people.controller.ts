import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Page, pageOf } from '../../contracts/paging.js';
import {
  newPeople,
  newPerson,
  type NewPerson,
  peopleCount,
  type PeopleCount,
  peopleFilter,
  type PeopleFilter,
  peopleQuery,
  type PeopleQuery,
  peopleResult,
  type PeopleResult,
  personChange,
  type PersonChange,
  personDetail,
  type PersonDetail,
  personView,
  type PersonView,
  staffRoles,
} from '../../contracts/people.js';
import { Access, Caller, type CallerIdentity, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { InvitePerson } from '../invite-person.js';
import { ReadPeople } from '../read-people.js';
import { RemovePerson } from '../remove-person.js';
import { SavePeople } from '../save-people.js';
import { changeOriginOf, uuid } from './change-origin.js';

@Controller('api/v1/people')
export class PeopleController {
  constructor(
    private readonly saving: SavePeople,
    private readonly people: ReadPeople,
    private readonly removal: RemovePerson,
    private readonly invitations: InvitePerson,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('People by name.', pageOf(personView))
  list(@Query(new Valid(peopleQuery)) query: PeopleQuery): Promise<Page<PersonView>> {
    return this.people.list(query);
  }

  @Get('count')
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('How many people a filter finds.', peopleCount)
  count(@Query(new Valid(peopleFilter)) filter: PeopleFilter): Promise<PeopleCount> {
    return this.people.count(filter);
  }

  @Get(':id')
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('One person, and how things stand.', personDetail)
  read(@Param('id', uuid) id: string): Promise<PersonDetail> {
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
  ): Promise<PeopleResult> {
    return this.saving.save(caller, body, changeOriginOf(caller, request));
  }

  @Post('invitations')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Adds a person and mails them a link to choose a password.', personDetail)
  async invite(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(newPerson)) body: NewPerson,
    @Req() request: FastifyRequest,
  ): Promise<PersonDetail> {
    return this.people.read(await this.invitations.add(body, changeOriginOf(caller, request)));
  }

  @Patch(':id')
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Changes what is sent of a person. Another role ends their sessions.', personDetail)
  async change(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(personChange)) body: PersonChange,
    @Req() request: FastifyRequest,
  ): Promise<PersonDetail> {
    await this.saving.change(id, body, changeOriginOf(caller, request));
    return this.people.read(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Deletes a person with their data. Attempts stay without a name, and the audit log as it is.', z.void())
  remove(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.removal.remove(id, changeOriginOf(caller, request));
  }
}
