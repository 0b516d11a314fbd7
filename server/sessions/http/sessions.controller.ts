import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type RevokeMatching, revokeMatching } from '../../contracts/entities.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { staffRoles } from '../../contracts/people.js';
import {
  listedReceipt,
  type ListedReceipt,
  revocationReceipt,
  revokeListed,
  type RevokeListed,
  sessionCount,
  type SessionCount,
  sessionCountQuery,
  type SessionCountQuery,
  sessionView,
  revokeOthersRequest,
  type RevokeOthersRequest,
  revokeRequest,
  type RevocationReceipt,
  sessionQuery,
  type SessionQuery,
  type SessionView,
} from '../../contracts/sessions.js';
import { actorOf } from '../../audit/actor-of.js';
import { SignOutElsewhere } from '../../devices/sign-out-elsewhere.js';
import { withPlainAddress } from '../../platform/address.js';
import { Refusal } from '../../platform/errors.js';
import { Access, Caller, type CallerIdentity, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { EndSessions } from '../end-sessions.js';
import { ListSessions } from '../list-sessions.js';
import { Receipts } from '../receipts.js';
import { type Revocation, Revoke } from '../revoke.js';

const actingRoles = ['analyst', 'admin'] as const;
type Reason = { reason?: string | undefined };

@Controller('api/v1')
export class SessionsController {
  constructor(
    private readonly sessions: ListSessions,
    private readonly revocations: Revoke,
    private readonly ending: EndSessions,
    private readonly receipts: Receipts,
    private readonly elsewhere: SignOutElsewhere,
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
  @Answers(
    'Ends all own sessions but this one, or with includeCurrent all; with forgetTrust no device is trusted any more.',
    revocationReceipt,
  )
  async revokeOthers(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(revokeOthersRequest)) body: RevokeOthersRequest,
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt | { sessions: [] }> {
    return this.answer(await this.elsewhere.signOut(caller, body, request.ip), { sessions: [] });
  }

  @Post('me/sessions/:id/revoke')
  @HttpCode(200)
  @Access({ kind: 'person' })
  @Answers('Ends one own session.', revocationReceipt)
  async revokeOwn(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt> {
    const select = { sessionId: id, personId: caller.personId };
    const asked = { select, by: actorOf(caller), endReason: 'revoked_by_self', ip: request.ip } as const;
    return this.answer(await this.revocations.revoke(asked));
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

  @Get('sessions/count')
  @Access({ kind: 'person', roles: staffRoles, scope: 'sessions:read' })
  @Answers('How many sessions of how many people a filter finds.', sessionCount)
  count(@Query(new Valid(sessionCountQuery)) query: SessionCountQuery): Promise<SessionCount> {
    return this.sessions.count(query);
  }

  @Post('sessions/revoke-listed')
  @HttpCode(200)
  @Access({ kind: 'person', roles: actingRoles })
  @Answers(
    'Ends the sessions that are named, all in one step, but the one that asks; tells which of them were over before.',
    listedReceipt,
  )
  async revokeListed(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(revokeListed)) { sessionIds, reason }: RevokeListed,
    @Req() request: FastifyRequest,
  ): Promise<ListedReceipt> {
    const select = { sessionIds: sessionIds.filter((id) => id !== caller.sessionId) };
    const ended = await this.ending.end({ select, by: actorOf(caller) }, { reason, ip: request.ip });
    const done = new Set(ended?.sessionIds);
    return {
      receipt: (ended && (await this.receipts.read(ended.id))) ?? null,
      notEnded: sessionIds.filter((id) => !done.has(id)),
    };
  }

  @Post('sessions/:id/revoke')
  @HttpCode(200)
  @Access({ kind: 'person', roles: actingRoles, scope: 'sessions:revoke' })
  @Answers('Ends a session everywhere, at once.', revocationReceipt)
  async revoke(
    @Caller() caller: CallerIdentity,
    @Param('id', new Valid(z.uuid())) id: string,
    @Body(new Valid(revokeRequest)) body: Reason,
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt> {
    const select = { sessionId: id };
    return this.answer(await this.ending.end({ select, by: actorOf(caller) }, { ...body, ip: request.ip }));
  }

  @Post('people/:id/sessions/revoke')
  @HttpCode(200)
  @Access({ kind: 'person', roles: actingRoles, scope: 'sessions:revoke' })
  @Answers('Ends all sessions of a person.', revocationReceipt)
  async revokeAll(
    @Caller() caller: CallerIdentity,
    @Param('id', new Valid(z.uuid())) id: string,
    @Body(new Valid(revokeRequest)) body: Reason,
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt | { sessions: [] }> {
    const select = { personId: id };
    const ended = await this.ending.end({ select, by: actorOf(caller) }, { ...body, ip: request.ip });
    return this.answer(ended, { sessions: [] });
  }

  @Post('sessions/revoke-matching')
  @HttpCode(200)
  @Access({ kind: 'person', roles: actingRoles })
  @Answers('Ends every session from an address or on a device, but the one that asks.', revocationReceipt)
  async revokeMatching(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(revokeMatching)) { ip, device, reason }: RevokeMatching,
    @Req() request: FastifyRequest,
  ): Promise<RevocationReceipt | { sessions: [] }> {
    const exceptSessionId = caller.sessionId;
    const select =
      device === undefined
        ? { ...withPlainAddress({ ip: ip ?? '' }), exceptSessionId }
        : { deviceId: device, exceptSessionId };
    const ended = await this.ending.end({ select, by: actorOf(caller) }, { reason, ip: request.ip });
    return this.answer(ended, { sessions: [] });
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
  private async answer<N = never>(revocation: Revocation | undefined, none?: N): Promise<RevocationReceipt | N> {
    const receipt = revocation && (await this.receipts.read(revocation.id));
    if (receipt) return receipt;
    if (none !== undefined) return none;
    throw new Refusal('not_found', { detail: 'There is no live session of that id.' });
  }
}
