import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  alertChange,
  alertDetail,
  alertView,
  type AlertChange,
  type AlertDetail,
  alertQuery,
  type AlertQuery,
  type AlertView,
} from '../../contracts/alerts.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { staffRoles } from '../../contracts/people.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { TriageAlerts } from '../triage-alerts.js';

@Controller('api/v1/alerts')
export class AlertsController {
  constructor(private readonly triage: TriageAlerts) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles, scope: 'alerts:read' })
  @Answers('Alerts, newest first.', pageOf(alertView))
  list(@Query(new Valid(alertQuery)) query: AlertQuery): Promise<Page<AlertView>> {
    return this.triage.list(query);
  }

  @Get(':id')
  @Access({ kind: 'person', roles: staffRoles, scope: 'alerts:read' })
  @Answers('One alert with evidence and history.', alertDetail)
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<AlertDetail> {
    return this.triage.read(id);
  }

  @Patch(':id')
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('Takes an alert, resolves it with a verdict, or reopens it.', alertView)
  change(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Body(new Valid(alertChange)) body: AlertChange,
  ): Promise<AlertView> {
    return this.triage.change(id, body, caller);
  }
}
