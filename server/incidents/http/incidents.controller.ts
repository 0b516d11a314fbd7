import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  containment,
  type Containment,
  containmentReceipt,
  type ContainmentReceipt,
  incidentDetail,
  type IncidentDetail,
  incidentQuery,
  type IncidentQuery,
  incidentView,
  type IncidentView,
  released,
  type Released,
} from '../../contracts/incidents.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { staffRoles } from '../../contracts/people.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ContainIncident } from '../contain-incident.js';
import { ReadIncidents } from '../read-incidents.js';

@Controller('api/v1/incidents')
export class IncidentsController {
  constructor(
    private readonly incidents: ReadIncidents,
    private readonly containing: ContainIncident,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles, scope: 'alerts:read' })
  @Answers('Incidents, newest first.', pageOf(incidentView))
  list(@Query(new Valid(incidentQuery)) query: IncidentQuery): Promise<Page<IncidentView>> {
    return this.incidents.list(query);
  }

  @Get(':id')
  @Access({ kind: 'person', roles: staffRoles, scope: 'alerts:read' })
  @Answers('One incident: who was tried, who got in, from where, and what was done.', incidentDetail)
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<IncidentDetail> {
    return this.incidents.read(id);
  }

  @Post(':id/contain')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers(
    'Ends the sessions of those who got in, demands new passwords of them, and refuses its sources for a time.',
    containmentReceipt,
  )
  contain(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Body(new Valid(containment)) body: Containment,
    @Req() request: FastifyRequest,
  ): Promise<ContainmentReceipt> {
    return this.containing.contain(id, { ...body, resolve: false }, originOf(caller, request));
  }

  @Post(':id/release')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('Lets its sources sign in again.', released)
  async release(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Req() request: FastifyRequest,
  ): Promise<Released> {
    return { releasedSources: await this.containing.release(id, originOf(caller, request)) };
  }
}

export const originOf = ({ personId, name }: PersonCaller, { ip, headers }: FastifyRequest) => ({
  by: { kind: 'person' as const, id: personId, name },
  ip,
  userAgent: headers['user-agent'],
});
