import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Me, me } from '../../contracts/authentication.js';
import {
  type FactorOption,
  factorOption,
  passkeyOptions,
  sendRequest,
  type SendRequest,
  sentCode,
  type SentCode,
  stepUpAnswer,
  type StepUpAnswer,
} from '../../contracts/factors.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ReadMe } from '../read-me.js';
import { setSessionCookie } from '../session-cookie.js';
import { StepUp } from '../step-up.js';
import { originOf } from './origin-of.js';

const within = ['factor_set_up', 'password_change'] as const;

/** Who is signed in, and the proof that it is still they. */
@Controller('api/v1/me')
export class MeController {
  constructor(
    private readonly reading: ReadMe,
    private readonly stepUp: StepUp,
  ) {}

  @Get()
  @Access({ kind: 'person', within, whileLocked: true })
  @Answers('Who is signed in, and what they may do.', me)
  me(@SignedIn() caller: PersonCaller): Promise<Me> {
    return this.reading.read(caller);
  }

  @Get('step-up')
  @Access({ kind: 'person', within })
  @Answers('What would confirm a sensitive action.', z.object({ options: z.array(factorOption) }))
  async options(@SignedIn() caller: PersonCaller): Promise<{ options: FactorOption[] }> {
    return { options: await this.stepUp.options(caller) };
  }

  @Post('step-up')
  @HttpCode(200)
  @Access({ kind: 'person', within })
  @Answers('Confirms who it is; the session gets a new token.', z.object({ status: z.literal('confirmed') }))
  async confirm(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(stepUpAnswer)) body: StepUpAnswer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'confirmed' }> {
    setSessionCookie(reply, await this.stepUp.confirm(caller, body));
    return { status: 'confirmed' };
  }

  @Post('step-up/send')
  @HttpCode(200)
  @Access({ kind: 'person', within })
  @Answers('Sends a code by e-mail or SMS to confirm with.', sentCode)
  sendCode(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(sendRequest)) body: SendRequest,
    @Req() request: FastifyRequest,
  ): Promise<SentCode> {
    return this.stepUp.sendCode(caller, body.factor, originOf(request));
  }

  @Post('step-up/passkey-options')
  @HttpCode(200)
  @Access({ kind: 'person', within })
  @Answers('WebAuthn options to confirm with a passkey.', passkeyOptions)
  passkeyOptions(@SignedIn() caller: PersonCaller): Promise<{ challenge: string }> {
    return this.stepUp.passkeyOptions(caller);
  }
}
