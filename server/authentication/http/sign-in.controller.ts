import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type SignedIn,
  signedIn,
  signInRequest,
  signInResult,
  type SignInResult,
} from '../../contracts/authentication.js';
import {
  credentialResponse,
  type FactorAnswer,
  factorAnswer,
  type FactorRequired,
  factorRequired,
  passkeyOptions,
  sendRequest,
  type SendRequest,
  sentCode,
  type SentCode,
} from '../../contracts/factors.js';
import { Access, type SignInCaller, SigningIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ContinueSignIn } from '../continue-sign-in.js';
import { SignIn } from '../sign-in.js';
import { SignInByPasskey } from '../sign-in-by-passkey.js';
import { clearSessionCookie, clearSignInCookie } from '../session-cookie.js';
import { AnswerSignIn } from './answer-sign-in.js';
import { originOf } from './origin-of.js';

const passkeyAnswer = z.strictObject({ response: credentialResponse, shared: z.boolean().default(false) });

/** Signing in, step by step, and out. */
@Controller('api/v1')
export class SignInController {
  constructor(
    private readonly first: SignIn,
    private readonly next: ContinueSignIn,
    private readonly byPasskey: SignInByPasskey,
    private readonly answers: AnswerSignIn,
  ) {}

  @Post('sign-in')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Signs in with a password, or asks for the second factor.', signInResult)
  async signIn(
    @Body(new Valid(signInRequest)) body: z.infer<typeof signInRequest>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignInResult> {
    const step = await this.first.signIn(body.email, body.password, originOf(request), body.shared);
    return this.answers.step(step, request, reply);
  }

  @Post('sign-in/passkey-options')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('WebAuthn options for signing in with a passkey alone; the same for everyone.', passkeyOptions)
  passkeyOptions(@Req() request: FastifyRequest): Promise<{ challenge: string }> {
    return this.byPasskey.options(originOf(request));
  }

  @Post('sign-in/passkey')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Signs in with a passkey alone.', signedIn)
  async passkey(
    @Body(new Valid(passkeyAnswer)) body: z.infer<typeof passkeyAnswer>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    const session = await this.byPasskey.signIn(body.response, originOf(request), body.shared);
    return this.answers.opened(session, request, reply);
  }

  @Get('sign-in')
  @Access({ kind: 'sign_in' })
  @Answers('What the sign-in under way still lacks.', factorRequired)
  read(@SigningIn() signIn: SignInCaller): Promise<FactorRequired> {
    return this.next.read(signIn);
  }

  @Post('sign-in/factor')
  @HttpCode(200)
  @Access({ kind: 'sign_in' })
  @Answers('Takes the second factor and signs in.', signedIn)
  async factor(
    @SigningIn() signIn: SignInCaller,
    @Body(new Valid(factorAnswer)) body: FactorAnswer,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    return this.answers.opened(await this.next.answer(signIn, body, originOf(request)), request, reply);
  }

  @Post('sign-in/factor/passkey-options')
  @HttpCode(200)
  @Access({ kind: 'sign_in' })
  @Answers('WebAuthn options for a passkey as the second factor.', passkeyOptions)
  factorPasskeyOptions(@SigningIn() signIn: SignInCaller): Promise<{ challenge: string }> {
    return this.next.passkeyOptions(signIn);
  }

  @Post('sign-in/factor/send')
  @HttpCode(200)
  @Access({ kind: 'sign_in' })
  @Answers('Sends a code by e-mail or SMS as the second factor.', sentCode)
  sendCode(
    @SigningIn() signIn: SignInCaller,
    @Body(new Valid(sendRequest)) body: SendRequest,
    @Req() request: FastifyRequest,
  ): Promise<SentCode> {
    return this.next.sendCode(signIn, body.factor, originOf(request));
  }

  @Delete('sign-in')
  @Access({ kind: 'sign_in' })
  @Answers('Forgets the sign-in under way.', z.object({ status: z.literal('cancelled') }))
  async cancel(
    @SigningIn() signIn: SignInCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'cancelled' }> {
    await this.next.cancel(signIn);
    clearSignInCookie(reply);
    return { status: 'cancelled' };
  }

  /** Signing out of what has ended already is no error: the person is signed out. */
  @Post('sign-out')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Ends this session.', z.object({ status: z.literal('signed_out') }))
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'signed_out' }> {
    await this.answers.endSessionOf(request);
    clearSessionCookie(reply);
    return { status: 'signed_out' };
  }
}
