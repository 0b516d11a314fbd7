import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditEntry, auditEntry, auditQuery } from '../../contracts/operations.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ListAudit } from '../list-audit.js';

@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: ListAudit) {}

  @Get()
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('What was done, by whom, newest first.', pageOf(auditEntry))
  list(@Query(new Valid(auditQuery)) query: z.infer<typeof auditQuery>): Promise<Page<AuditEntry>> {
    return this.audit.list(query);
  }
}
