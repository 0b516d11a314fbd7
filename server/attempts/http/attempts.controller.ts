import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  attemptCountQuery,
  attemptCounts,
  attemptFilter,
  attemptDetail,
  attemptRow,
  BATCH_MAX,
  newAttempt,
  recordResult,
  attemptQuery,
  type AttemptCountQuery,
  type AttemptCounts,
  type AttemptDetail,
  type AttemptFilter,
  type AttemptQuery,
  type AttemptRow,
  type RecordResult,
} from '../../contracts/attempts.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { staffRoles } from '../../contracts/people.js';
import { RecordExport } from '../../audit/record-export.js';
import { Access, Caller, type CallerIdentity, type KeyCaller, WithKey } from '../../platform/http/access.js';
import { Answers, Takes } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { AdmitAttempts } from '../admit-attempts.js';
import { exportName } from '../domain/export-name.js';
import { SearchAttempts } from '../search-attempts.js';
import { attemptsAsCsv } from './attempts-csv.js';
import { parseRecords } from './parse-records.js';

@Controller('api/v1/attempts')
export class AttemptsController {
  constructor(
    private readonly admission: AdmitAttempts,
    private readonly search: SearchAttempts,
    private readonly exports: RecordExport,
  ) {}

  @Post()
  @HttpCode(202)
  @Access({ kind: 'key', scope: 'attempts:write' })
  @Answers(
    'Records login attempts: one object, an array of up to 500, or NDJSON of up to 5,000 lines. Answered after the commit.',
    recordResult,
  )
  @Takes({
    'application/json': z.union([newAttempt, z.array(newAttempt).max(BATCH_MAX)]),
    'application/x-ndjson': newAttempt.describe('One such object a line.'),
  })
  record(@WithKey() key: KeyCaller, @Body() body: string, @Req() request: FastifyRequest): Promise<RecordResult> {
    return this.admission.admit(key.applicationId, parseRecords(request.headers['content-type'] ?? '', body));
  }

  @Get()
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('Finds attempts, newest first.', pageOf(attemptRow))
  list(@Query(new Valid(attemptQuery)) { cursor, limit, ...filter }: AttemptQuery): Promise<Page<AttemptRow>> {
    return this.search.list(filter, cursor, limit);
  }

  @Get('counts')
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('How many attempts the filter finds, by outcome.', attemptCounts)
  counts(@Query(new Valid(attemptCountQuery)) query: AttemptCountQuery): Promise<AttemptCounts> {
    return this.search.count(query);
  }

  @Get('export')
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('Everything the filter finds, as CSV.', z.string())
  async export(
    @Caller() caller: CallerIdentity,
    @Query(new Valid(attemptFilter)) filter: AttemptFilter,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.exports.record(caller, 'attempts', filter, request.ip);
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${exportName(filter, new Date())}"`)
      .send(Readable.from(attemptsAsCsv(this.search.stream(filter))));
  }

  @Get(':id')
  @Access({ kind: 'person', roles: staffRoles, scope: 'attempts:read' })
  @Answers('One attempt with its score and reasons.', attemptDetail)
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<AttemptDetail> {
    return this.search.read(id);
  }
}
