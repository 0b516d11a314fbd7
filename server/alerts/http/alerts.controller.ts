import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  alertChange,
  type AlertChange,
  alertDetail,
  type AlertDetail,
  alertQuery,
  type AlertQuery,
  alertReach,
  type AlertReach,
  alertReference,
  alertView,
  type AlertView,
  askedPerson,
  type AskedPerson,
  mergeRequest,
  type MergeRequest,
  reachQuery,
  type ReachQuery,
} from '../../contracts/alerts.js';
import {
  alertContainment,
  type AlertContainment,
  containmentReceipt,
  type ContainmentReceipt,
} from '../../contracts/incidents.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { staffRoles } from '../../contracts/people.js';
import { ContainIncident } from '../../incidents/contain-incident.js';
import { Access, Caller, type CallerIdentity, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { AskPerson } from '../ask-person.js';
import { ChangeAlert } from '../change-alert.js';
import { MergeAlerts } from '../merge-alerts.js';
import { TriageAlerts } from '../triage-alerts.js';

const uuid = new Valid(z.uuid());

@Controller('api/v1/alerts')
export class AlertsController {
  constructor(
    private readonly triage: TriageAlerts,
    private readonly changes: ChangeAlert,
    private readonly merging: MergeAlerts,
    private readonly asking: AskPerson,
    private readonly containing: ContainIncident,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles, scope: 'alerts:read' })
  @Answers('Alerts, newest first.', pageOf(alertView))
  list(@Query(new Valid(alertQuery)) query: AlertQuery): Promise<Page<AlertView>> {
    return this.triage.list(query);
  }

  @Get('reach')
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('What containing these alerts would do now.', alertReach)
  reach(@SignedIn() caller: PersonCaller, @Query(new Valid(reachQuery)) { ids }: ReachQuery): Promise<AlertReach> {
    return this.triage.reach(ids, caller);
  }

  @Get(':id')
  @Access({ kind: 'person', roles: staffRoles, scope: 'alerts:read' })
  @Answers('One alert with evidence and history, by its id or its number.', alertDetail)
  read(
    @Caller() caller: CallerIdentity,
    @Param('id', new Valid(alertReference)) reference: string,
  ): Promise<AlertDetail> {
    return this.triage.read(reference, { personId: caller.kind === 'person' ? caller.personId : null });
  }

  @Patch(':id')
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers(
    'Moves an alert on: takes it, puts it off, resolves it with a verdict, closes or reopens it, or notes something.',
    alertView,
  )
  change(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(alertChange)) body: AlertChange,
  ): Promise<AlertView> {
    return this.changes.change(id, body, caller);
  }

  @Post(':id/merge')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('Makes it part of another alert, which then stands for both.', alertView)
  merge(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(mergeRequest)) { into }: MergeRequest,
  ): Promise<AlertView> {
    return this.merging.merge(id, into, caller);
  }

  @Post(':id/unmerge')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('Makes it an alert of its own again.', alertView)
  unmerge(@SignedIn() caller: PersonCaller, @Param('id', uuid) id: string): Promise<AlertView> {
    return this.merging.unmerge(id, caller);
  }

  @Post(':id/ask')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('Asks its person by mail whether it was them.', askedPerson)
  ask(@SignedIn() caller: PersonCaller, @Param('id', uuid) id: string): Promise<AskedPerson> {
    return this.asking.ask(id, caller);
  }

  @Post(':id/contain')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers(
    'Ends the sessions of those who got in, demands new passwords of them, refuses its sources for a time, and closes it as a real attack.',
    containmentReceipt,
  )
  contain(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(alertContainment)) body: AlertContainment,
    @Req() { ip, headers }: FastifyRequest,
  ): Promise<ContainmentReceipt> {
    const by = { kind: 'person' as const, id: caller.personId, name: caller.name };
    return this.containing.containAlert(id, body, { by, ip, userAgent: headers['user-agent'] });
  }
}
