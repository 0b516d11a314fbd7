import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { CheckKey } from '../../applications/check-key.js';
import { NoteRefusal } from '../../applications/note-refusal.js';
import type { Confinement } from '../../contracts/authentication.js';
import { Refusal } from '../../platform/errors.js';
import { ACCESS_RULE, type AccessRule, type CallerIdentity, type PersonCaller } from '../../platform/http/access.js';
import { PublicOrigins } from '../../platform/http/origins.js';
import { CheckSession } from '../../sessions/check-session.js';
import { CheckAssurance } from '../check-assurance.js';
import { requestToken, signInToken } from '../session-cookie.js';

/** What a session is told that has to do something else first. */
const refusals = {
  factor_set_up: 'set_up_required',
  password_change: 'password_change_required',
} as const satisfies Record<Confinement, string>;

/** Sent by pages with what they ask by themselves, while nobody touches them. */
const UNATTENDED = 'x-unattended';
const changes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The only gate, in front of every route, shut unless the route says otherwise. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: CheckSession,
    private readonly keys: CheckKey,
    private readonly origins: PublicOrigins,
    private readonly refusals: NoteRefusal,
    private readonly assurance: CheckAssurance,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // A socket was let in by the gateway, which also checks again whatever it asks; it has no request to look at here.
    if (context.getType() === 'ws') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const rule = this.reflector.get<AccessRule | undefined>(ACCESS_RULE, context.getHandler());
    if (!rule) throw new Refusal('forbidden', { detail: 'This route has no access rule.' });
    if (rule.kind === 'public') {
      if (changes.has(request.method)) this.refuseCrossSite(request);
      return true;
    }
    if (rule.kind === 'sign_in') {
      if (changes.has(request.method)) this.refuseCrossSite(request);
      request.signIn = await this.assurance.signIn(signInToken(request));
      return true;
    }
    request.caller = await this.identify(request, rule);
    return true;
  }

  private async identify(
    request: FastifyRequest,
    rule: Exclude<AccessRule, { kind: 'public' | 'sign_in' }>,
  ): Promise<CallerIdentity> {
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined && (rule.kind === 'key' || rule.scope !== undefined))
      return this.byKey(request, bearer, rule.scope as NonNullable<typeof rule.scope>);
    if (rule.kind === 'key') {
      await this.refusals.note(request.ip, 'invalid_key');
      throw new Refusal('invalid_key', { detail: 'Send the key as "Authorization: Bearer gh_live_…".' });
    }
    return this.bySession(request, rule);
  }

  private async byKey(request: FastifyRequest, bearer: string, scope: KeyScope): Promise<CallerIdentity> {
    const key = await this.keys.check(bearer);
    if (!key) {
      await this.refusals.note(request.ip, 'invalid_key');
      throw new Refusal('invalid_key');
    }
    if (!key.scopes.includes(scope)) throw new Refusal('missing_scope', { scope });
    return { kind: 'key', ...key, ip: request.ip };
  }

  private async bySession(request: FastifyRequest, rule: PersonRule): Promise<CallerIdentity> {
    const token = requestToken(request);
    if (token === undefined) throw new Refusal('not_signed_in');
    const from = { ip: request.ip, userAgent: request.headers['user-agent'] };
    const check = await this.sessions.check(token, request.headers[UNATTENDED] === undefined, from);
    if (check.state === 'unknown') throw new Refusal('not_signed_in');
    if (check.state === 'ended') throw new Refusal('session_ended', { detail: check.reason });
    if (changes.has(request.method)) this.refuseCrossSite(request);
    const locked = check.state === 'locked';
    if (locked && !rule.whileLocked) throw new Refusal('session_locked');
    const caller: PersonCaller = { kind: 'person', ...check.session, locked, ip: request.ip };
    if (caller.confinedTo !== null && !rule.within?.includes(caller.confinedTo))
      throw new Refusal(refusals[caller.confinedTo]);
    if (rule.roles && !rule.roles.includes(caller.role)) throw new Refusal('forbidden');
    if (rule.fresh) await this.assurance.requireFresh(caller);
    return caller;
  }

  /**
   * Cross-site request forgery needs a browser, and every browser says where a changing request comes from. A client that says
   * nothing at all isn't one, and SameSite=Strict keeps the cookie from other sites besides.
   */
  private refuseCrossSite(request: FastifyRequest): void {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') throw new Refusal('cross_site');
    const origin = request.headers.origin;
    if (origin !== undefined && !this.origins.allows(origin)) throw new Refusal('cross_site');
  }
}

type KeyScope = Extract<AccessRule, { kind: 'key' }>['scope'];
type PersonRule = Extract<AccessRule, { kind: 'person' }>;
