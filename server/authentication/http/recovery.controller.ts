import { Body, Controller, Delete, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type SignedIn as SignedInView, signedIn } from '../../contracts/authentication.js';
import {
  recoveryLinkRequest,
  recoveryLinkView,
  type RecoveryLinkView,
  recoveryOffer,
  type RecoveryOffer,
  recoveryStartRequest,
} from '../../contracts/recovery.js';
import { Access, type PersonCaller, SignedIn, type SignInCaller, SigningIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { CancelRecovery } from '../cancel-recovery.js';
import { CompleteRecovery } from '../complete-recovery.js';
import { StartRecovery } from '../start-recovery.js';
import { AnswerSignIn } from './answer-sign-in.js';
import { originOf } from './origin-of.js';

const uuid = new Valid(z.uuid());
const nothing = new Valid(recoveryStartRequest);
const link = new Valid(recoveryLinkRequest);
const cancelled = z.object({ status: z.literal('cancelled') });
type Cancelled = z.infer<typeof cancelled>;

/** The way back in for who has the password and no second factor any more. */
@Controller('api/v1')
export class RecoveryController {
  constructor(
    private readonly starting: StartRecovery,
    private readonly cancelling: CancelRecovery,
    private readonly completing: CompleteRecovery,
    private readonly answers: AnswerSignIn,
  ) {}

  @Post('sign-in/recovery')
  @HttpCode(200)
  @Access({ kind: 'sign_in' })
  @Answers('Starts the wait at whose end a recovery link is mailed, and tells every address.', recoveryOffer)
  start(
    @SigningIn() signIn: SignInCaller,
    @Body(nothing) _body: Record<string, never>,
    @Req() request: FastifyRequest,
  ): Promise<RecoveryOffer> {
    return this.starting.start(signIn, originOf(request));
  }

  @Delete('sign-in/recovery')
  @Access({ kind: 'sign_in' })
  @Answers('Cancels the recovery under way.', cancelled)
  async cancel(@SigningIn() signIn: SignInCaller, @Req() request: FastifyRequest): Promise<Cancelled> {
    await this.cancelling.bySignIn(signIn, request.ip);
    return { status: 'cancelled' };
  }

  @Post('sign-in/recovery/complete')
  @HttpCode(200)
  @Access({ kind: 'sign_in' })
  @Answers('Takes the mailed link, drops every second factor, and signs in to set up a new one.', signedIn)
  async complete(
    @SigningIn() signIn: SignInCaller,
    @Body(link) { token }: { token: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedInView> {
    return this.answers.opened(await this.completing.complete(signIn, token, originOf(request)), request, reply);
  }

  @Post('recovery/link')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('What a mailed link about a recovery is for; uses nothing up.', recoveryLinkView)
  look(@Body(link) { token }: { token: string }, @Req() request: FastifyRequest): Promise<RecoveryLinkView> {
    return this.cancelling.look(token, request.ip);
  }

  @Post('recovery/cancel')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Cancels a recovery by a mailed link, once.', cancelled)
  async cancelByLink(@Body(link) { token }: { token: string }, @Req() request: FastifyRequest): Promise<Cancelled> {
    await this.cancelling.byLink(token, request.ip);
    return { status: 'cancelled' };
  }

  @Delete('me/recovery')
  @Access({ kind: 'person' })
  @Answers('Cancels the own recovery under way.', cancelled)
  async cancelOwn(@SignedIn() caller: PersonCaller): Promise<Cancelled> {
    await this.cancelling.byPerson(caller, caller.personId);
    return { status: 'cancelled' };
  }

  @Delete('people/:id/recovery')
  @Access({ kind: 'person', roles: ['admin'] })
  @Answers('Cancels the recovery of a person.', cancelled)
  async cancelOfPerson(@SignedIn() caller: PersonCaller, @Param('id', uuid) id: string): Promise<Cancelled> {
    await this.cancelling.byPerson(caller, id);
    return { status: 'cancelled' };
  }
}
