import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type UnlockAnswer, unlockAnswer } from '../../contracts/authentication.js';
import { passkeyOptions } from '../../contracts/factors.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { LockOwnSession } from '../lock-own-session.js';
import { setSessionCookie } from '../session-cookie.js';
import { originOf } from './origin-of.js';

const within = ['factor_set_up', 'password_change'] as const;

/** Locking the own session, and opening it again. */
@Controller('api/v1/me')
export class LockController {
  constructor(private readonly own: LockOwnSession) {}

  @Post('lock')
  @HttpCode(200)
  @Access({ kind: 'person', within, whileLocked: true })
  @Answers('Locks this session on every server until it is unlocked.', z.object({ status: z.literal('locked') }))
  async lock(@SignedIn() caller: PersonCaller): Promise<{ status: 'locked' }> {
    await this.own.lock(caller);
    return { status: 'locked' };
  }

  @Post('unlock')
  @HttpCode(200)
  @Access({ kind: 'person', within, whileLocked: true })
  @Answers('Opens the locked session again; it gets a new token.', z.object({ status: z.literal('unlocked') }))
  async unlock(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(unlockAnswer)) body: UnlockAnswer,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'unlocked' }> {
    const token = await this.own.unlock(caller, body, originOf(request));
    if (token !== null) setSessionCookie(reply, token);
    return { status: 'unlocked' };
  }

  @Post('unlock/passkey-options')
  @HttpCode(200)
  @Access({ kind: 'person', within, whileLocked: true })
  @Answers('WebAuthn options to unlock with a passkey.', passkeyOptions)
  passkeyOptions(@SignedIn() caller: PersonCaller): Promise<{ challenge: string }> {
    return this.own.passkeyOptions(caller);
  }
}
