import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedIn, SignInResult } from '../../contracts/authentication.js';
import { Refusal } from '../../platform/errors.js';
import { CheckSession } from '../../sessions/check-session.js';
import { Revoke } from '../../sessions/revoke.js';
import { CheckAssurance } from '../check-assurance.js';
import { ContinueSignIn } from '../continue-sign-in.js';
import type { OpenedSession } from '../open-session.js';
import { ReadMe } from '../read-me.js';
import { requestToken, setDeviceCookie, setSessionCookie, setSignInCookie } from '../session-cookie.js';
import type { SignInStep } from '../sign-in.js';

/** Turns a step of a sign-in into its answer and cookie, for every way in. */
@Injectable()
export class AnswerSignIn {
  constructor(
    private readonly sessions: CheckSession,
    private readonly revocations: Revoke,
    private readonly assurance: CheckAssurance,
    private readonly continuing: ContinueSignIn,
    private readonly me: ReadMe,
  ) {}

  async step(step: SignInStep, request: FastifyRequest, reply: FastifyReply): Promise<SignInResult> {
    if (step.state === 'opened') return this.opened(step.session, request, reply);
    setSignInCookie(reply, step.signInToken);
    return this.continuing.read(await this.assurance.signIn(step.signInToken));
  }

  async opened(session: OpenedSession, request: FastifyRequest, reply: FastifyReply): Promise<SignedIn> {
    await this.endSessionOf(request);
    setSessionCookie(reply, session.token);
    if (session.deviceToken !== null) setDeviceCookie(reply, session.deviceToken);
    const check = await this.sessions.check(session.token, true);
    if (check.state !== 'live') throw new Refusal('session_ended');
    return {
      status: 'signed_in',
      me: await this.me.read({ kind: 'person', ...check.session, locked: false, ip: request.ip }),
    };
  }

  /**
   * A browser holds one session: the one it came with ends, so that no token planted before survives a sign-in; and so does one whose
   * new token was lost on the way to it.
   */
  async endSessionOf(request: FastifyRequest): Promise<void> {
    const token = requestToken(request);
    if (token === undefined) return;
    const check = await this.sessions.check(token, true);
    const held = check.state === 'live' || check.state === 'locked' ? check.session : undefined;
    const session = held ?? (check.state === 'unknown' ? await this.sessions.replacedBy(token) : undefined);
    if (!session) return;
    const { sessionId, personId, name } = session;
    await this.revocations.revoke({
      select: { sessionId },
      by: { kind: 'person', id: personId, name },
      endReason: 'signed_out',
      ip: request.ip,
    });
  }
}
