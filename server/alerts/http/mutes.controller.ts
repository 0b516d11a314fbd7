import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { alertMute, type AlertMute, muteQuery, type MuteQuery } from '../../contracts/alerts.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { staffRoles } from '../../contracts/people.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { MuteAlerts } from '../mute-alerts.js';

@Controller('api/v1/alert-mutes')
export class MutesController {
  constructor(private readonly mutes: MuteAlerts) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('What is not alerted on again, newest first.', pageOf(alertMute))
  list(@Query(new Valid(muteQuery)) query: MuteQuery): Promise<Page<AlertMute>> {
    return this.mutes.list(query);
  }

  @Delete(':id')
  @HttpCode(204)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('Alerts on it again.', z.void())
  lift(@SignedIn() caller: PersonCaller, @Param('id', new Valid(z.uuid())) id: string): Promise<void> {
    return this.mutes.lift(id, caller);
  }
}
