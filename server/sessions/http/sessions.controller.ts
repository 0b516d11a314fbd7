import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Page, pageOf } from '../../contracts/paging.js';
import { staffRoles } from '../../contracts/people.js';
import {
  type EndReason,
  revocationReceipt,
  sessionView,
  revokeOthersRequest,
  revokeRequest,
  type RevocationReceipt,
  sessionQuery,
  type SessionQuery,
  type SessionView,
} from '../../contracts/sessions.js';
import { actorOf } from '../../audit/actor-of.js';
import { Refusal } from '../../platform/errors.js';
import { Access, Caller, type CallerIdentity, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ListSessions } from '../list-sessions.js';
import { Receipts } from '../receipts.js';
import { Revoke, type Selection } from '../revoke.js';

const actingRoles = ['analyst', 'admin'] as const;
type Reason = { reason?: string | undefined };

@Controller('api/v1')
export class SessionsController {
  constructor(
    private readonly sessions: ListSessions,
    private readonly revocations: Revoke,
    private readonly receipts: Receipts,
  ) {}

  @Get('me/sessions')
  @Access({ kind: 'person' })
  @Answers('Own sessions.', pageOf(sessionView))
  own(
    @SignedIn() caller: PersonCaller,
    @Query(new Valid(sessionQuery)) query: SessionQuery,
  ): Promise<Page<SessionView>> {
    return this.sessions.list({ ...query, person: caller.personId }, caller.sessionId);
  }

  @Post('me/sessions/revoke-others')
  @HttpCode(200)
  @Access({ kind: 'person' })
  @Answers('Ends all own sessions but this one, or with includeCurrent all.', revocationReceipt)
  revokeOthers(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(revokeOthersRequest)) body: { includeCurrent: boolean },
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt | { sessions: [] }> {
    const exceptSessionId = body.includeCurrent ? undefined : caller.sessionId;
    return this.end(caller, { personId: caller.personId, exceptSessionId }, 'revoked_by_self', undefined, request.ip, {
      sessions: [],
    });
  }

  @Post('me/sessions/:id/revoke')
  @HttpCode(200)
  @Access({ kind: 'person' })
  @Answers('Ends one own session.', revocationReceipt)
  revokeOwn(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt> {
    return this.end(caller, { sessionId: id, personId: caller.personId }, 'revoked_by_self', undefined, request.ip);
  }

  @Get('sessions')
  @Access({ kind: 'person', roles: staffRoles, scope: 'sessions:read' })
  @Answers('Sessions of everybody.', pageOf(sessionView))
  all(
    @Caller() caller: CallerIdentity,
    @Query(new Valid(sessionQuery)) query: SessionQuery,
  ): Promise<Page<SessionView>> {
    return this.sessions.list(query, caller.kind === 'person' ? caller.sessionId : null);
  }

  @Post('sessions/:id/revoke')
  @HttpCode(200)
  @Access({ kind: 'person', roles: actingRoles, scope: 'sessions:revoke' })
  @Answers('Ends a session everywhere, at once.', revocationReceipt)
  revoke(
    @Caller() caller: CallerIdentity,
    @Param('id', new Valid(z.uuid())) id: string,
    @Body(new Valid(revokeRequest)) body: Reason,
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt> {
    return this.end(caller, { sessionId: id }, 'revoked_by_staff', body.reason, request.ip);
  }

  @Post('people/:id/sessions/revoke')
  @HttpCode(200)
  @Access({ kind: 'person', roles: actingRoles, scope: 'sessions:revoke' })
  @Answers('Ends all sessions of a person.', revocationReceipt)
  revokeAll(
    @Caller() caller: CallerIdentity,
    @Param('id', new Valid(z.uuid())) id: string,
    @Body(new Valid(revokeRequest)) body: Reason,
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt | { sessions: [] }> {
    return this.end(caller, { personId: id }, 'revoked_by_staff', body.reason, request.ip, { sessions: [] });
  }

  @Get('revocations/:id')
  @Access({ kind: 'person', roles: staffRoles, scope: 'sessions:read' })
  @Answers('What was ended, by whom, and which server confirmed it when.', revocationReceipt)
  async receipt(@Param('id', new Valid(z.uuid())) id: string): Promise<RevocationReceipt> {
    const receipt = await this.receipts.read(id);
    if (!receipt) throw new Refusal('not_found');
    return receipt;
  }

  /** @param none what to answer when there was nothing to end; without it that is `not_found` */
  private async end<N = never>(
    by: CallerIdentity,
    select: Selection,
    endReason: EndReason,
    reason: string | undefined,
    ip: string,
    none?: N,
  ): Promise<RevocationReceipt | N> {
    const revocation = await this.revocations.revoke({ select, by: actorOf(by), endReason, reason, ip });
    const receipt = revocation && (await this.receipts.read(revocation.id));
    if (receipt) return receipt;
    if (none !== undefined) return none;
    throw new Refusal('not_found', { detail: 'There is no live session of that id.' });
  }
}
