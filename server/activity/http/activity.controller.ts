import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RecordExport } from '../../audit/record-export.js';
import {
  activityCounts,
  type ActivityCounts,
  activityFilter,
  type ActivityFilter,
  activityQuery,
  type ActivityQuery,
  activityRow,
  type ActivityRow,
  activitySearch,
  type ActivitySearch,
  lockDown,
  type LockDown,
  lockDownState,
  type LockDownState,
} from '../../contracts/activity.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ConfirmSignIn } from '../confirm-sign-in.js';
import { DisownSignIn } from '../disown-sign-in.js';
import { ListActivity } from '../list-activity.js';
import { activityAsCsv } from './activity-csv.js';

@Controller('api/v1/me')
export class ActivityController {
  constructor(
    private readonly activity: ListActivity,
    private readonly confirming: ConfirmSignIn,
    private readonly disowning: DisownSignIn,
    private readonly exports: RecordExport,
  ) {}

  @Get('activity')
  @Access({ kind: 'person' })
  @Answers('Attempts on the own account in the last 90 days, newest first.', pageOf(activityRow))
  list(
    @SignedIn() caller: PersonCaller,
    @Query(new Valid(activityQuery)) { cursor, limit, ...filter }: ActivityQuery,
  ): Promise<Page<ActivityRow>> {
    return this.activity.list(caller, filter, cursor, limit);
  }

  @Get('activity/counts')
  @Access({ kind: 'person' })
  @Answers('How many attempts each filter finds.', activityCounts)
  counts(
    @SignedIn() caller: PersonCaller,
    @Query(new Valid(activitySearch)) search: ActivitySearch,
  ): Promise<ActivityCounts> {
    return this.activity.count(caller, search);
  }

  @Get('activity/export')
  @Access({ kind: 'person' })
  @Answers('The own attempts as CSV.', z.string())
  async export(
    @SignedIn() caller: PersonCaller,
    @Query(new Valid(activityFilter)) filter: ActivityFilter,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.exports.record(caller, 'own attempts', filter, request.ip);
    const name = `my-sign-ins-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.csv`;
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(activityAsCsv(this.activity.stream(caller, filter))));
  }

  @Post('activity/:id/confirm')
  @HttpCode(200)
  @Access({ kind: 'person' })
  @Answers('Says that a sign-in was the own.', activityRow)
  confirm(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Req() request: FastifyRequest,
  ): Promise<ActivityRow> {
    return this.confirming.confirm(caller, id, request.ip);
  }

  @Post('activity/:id/disown')
  @HttpCode(200)
  // Also while the new password is due, so that a second press or another attempt is no error.
  @Access({ kind: 'person', within: ['password_change'] })
  @Answers(
    'Says that a sign-in was not the own, and locks the account down: sessions end, a new password is due.',
    lockDown,
  )
  disown(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Req() request: FastifyRequest,
  ): Promise<LockDown> {
    return this.disowning.disown(caller, id, { ip: request.ip, userAgent: request.headers['user-agent'] });
  }

  @Get('lock-down')
  @Access({ kind: 'person', within: ['password_change'] })
  @Answers('What was done after the newest "This wasn\'t me", and what is left to do.', lockDownState)
  async lockDown(@SignedIn() caller: PersonCaller): Promise<LockDownState> {
    return { lockDown: await this.disowning.state(caller.personId) };
  }

  @Post('lock-down/factors')
  @HttpCode(200)
  @Access({ kind: 'person' })
  @Answers('Says, as the last step of a lock-down, that every way of the two-step sign-in is the own.', lockDownState)
  async confirmFactors(@SignedIn() caller: PersonCaller): Promise<LockDownState> {
    return { lockDown: await this.disowning.confirmFactors(caller.personId) };
  }
}
