import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  setUpAccount,
  type SetUpAccount,
  setUpRequest,
  type SetUpRequest,
  setUpState,
  type SetUpState,
  signedIn,
  type SignedIn,
} from '../../contracts/authentication.js';
import { systemActor } from '../../audit/append-audit.js';
import { CreateAdmin } from '../../people/create-admin.js';
import { type Config, setUpToken } from '../../platform/config.js';
import { equalInConstantTime } from '../../platform/crypto.js';
import { Refusal } from '../../platform/errors.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { CONFIG } from '../../platform/tokens.js';
import { ReadSetUp } from '../read-set-up.js';
import { SignIn } from '../sign-in.js';
import { AnswerSignIn } from './answer-sign-in.js';
import { originOf } from './origin-of.js';

/** The very first start: one administrator, made with the link from the terminal. */
@Controller('api/v1')
export class SetUpController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly admins: CreateAdmin,
    private readonly signIn: SignIn,
    private readonly answers: AnswerSignIn,
    private readonly state: ReadSetUp,
  ) {}

  @Get('set-up')
  @Access({ kind: 'public' })
  @Answers(
    'Whether the first administrator is still to be created, and from what kind of computer this is asked.',
    setUpState,
  )
  setUpState(@Req() request: FastifyRequest): Promise<SetUpState> {
    return this.state.read(request.ip);
  }

  @Post('set-up/account')
  @HttpCode(204)
  @Access({ kind: 'public' })
  @Answers('Whether the first administrator could be created like this; creates nothing.', z.void())
  async checkAccount(@Body(new Valid(setUpAccount)) body: SetUpAccount): Promise<void> {
    await this.requireSetUp(body.token);
    this.admins.requireStrongPassword(body);
  }

  @Post('set-up')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Creates the first administrator, once, with the link from the terminal.', signedIn)
  async setUp(
    @Body(new Valid(setUpRequest)) body: SetUpRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    await this.requireSetUp(body.token);
    await this.admins.createFirst(body, body, systemActor);
    const step = await this.signIn.signIn(body.email, body.password, originOf(request), false);
    // Nobody can have bound a factor to an account that is a moment old.
    if (step.state !== 'opened') throw new Refusal('conflict');
    return this.answers.opened(step.session, request, reply);
  }

  /** @throws Refusal `already_set_up`, `setup_link_invalid` */
  private async requireSetUp(token: string): Promise<void> {
    if (await this.admins.isSetUp()) throw new Refusal('already_set_up');
    if (!equalInConstantTime(token, setUpToken(this.config))) throw new Refusal('setup_link_invalid');
  }
}
