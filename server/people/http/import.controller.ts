import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RecordExport } from '../../audit/record-export.js';
import {
  importApplyRequest,
  importPreview,
  type ImportPreview,
  importRequest,
  invitationsResult,
  type InvitationsResult,
  invitedPeople,
  type InvitedPeople,
  peopleFilter,
  type PeopleFilter,
  staffRoles,
} from '../../contracts/people.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { peopleAsCsv } from '../export-people.js';
import { ImportPeople } from '../import-people.js';
import { InvitePerson } from '../invite-person.js';
import { ReadPeople } from '../read-people.js';
import { changeOriginOf } from './change-origin.js';

/** People as files. */
@Controller('api/v1/people')
export class ImportController {
  constructor(
    private readonly importing: ImportPeople,
    private readonly people: ReadPeople,
    private readonly exports: RecordExport,
    private readonly invitations: InvitePerson,
  ) {}

  @Get('export')
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('Everybody the filter finds, as CSV that can be imported again.', z.string())
  async export(
    @SignedIn() caller: PersonCaller,
    @Query(new Valid(peopleFilter)) filter: PeopleFilter,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.exports.record(caller, 'people', filter, request.ip);
    const name = `people-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.csv`;
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(peopleAsCsv(this.people, filter)));
  }

  @Post('import/preview')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('What a file would change, line by line; changes nothing.', importPreview)
  preview(@Body(new Valid(importRequest)) { csv }: { csv: string }): Promise<ImportPreview> {
    return this.importing.preview(csv);
  }

  @Post('invite')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers(
    'Mails a link to choose a password to those who can’t sign in yet, such as after an import.',
    invitationsResult,
  )
  invite(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(invitedPeople)) { emails }: InvitedPeople,
    @Req() request: FastifyRequest,
  ): Promise<InvitationsResult> {
    return this.invitations.inviteAll(emails, changeOriginOf(caller, request));
  }

  @Post('import')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Does what the preview showed, all or nothing.', importPreview)
  apply(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(importApplyRequest)) { csv, fingerprint }: { csv: string; fingerprint: string },
    @Req() request: FastifyRequest,
  ): Promise<ImportPreview> {
    return this.importing.apply(csv, fingerprint, changeOriginOf(caller, request));
  }
}
