import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type AuditEntry,
  auditEntry,
  auditFilter,
  type AuditFilter,
  auditQuery,
  chainCheck,
  type ChainCheck,
} from '../../contracts/operations.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ListAudit, streamAudit } from '../list-audit.js';
import { RecordExport } from '../record-export.js';
import { VerifyChain } from '../verify-chain.js';
import { auditAsCsv } from './audit-csv.js';

const readers = { kind: 'person', roles: ['admin', 'auditor'] } as const;

@Controller('api/v1/audit')
export class AuditController {
  constructor(
    private readonly audit: ListAudit,
    private readonly chain: VerifyChain,
    private readonly exports: RecordExport,
  ) {}

  @Get()
  @Access(readers)
  @Answers('What was done, by whom, newest first.', pageOf(auditEntry))
  list(@Query(new Valid(auditQuery)) query: z.infer<typeof auditQuery>): Promise<Page<AuditEntry>> {
    return this.audit.list(query);
  }

  /** Not a GET, as it reads the whole log: no prefetching browser should start it. */
  @Post('verify')
  @HttpCode(200)
  @Access(readers)
  @Answers('Recomputes the chain of entries and says where it breaks.', chainCheck)
  verify(): Promise<ChainCheck> {
    return this.chain.verify();
  }

  @Get('export')
  @Access(readers)
  @Answers('Every entry the filter finds, as CSV.', z.string())
  async export(
    @SignedIn() caller: PersonCaller,
    @Query(new Valid(auditFilter)) filter: AuditFilter,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.exports.record(caller, 'audit', filter, request.ip);
    const name = `audit-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.csv`;
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(auditAsCsv(streamAudit(this.audit, filter))));
  }
}
