import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  changePasswordRequest,
  type ChangePasswordRequest,
  forgotAnswer,
  type ForgotAnswer,
  forgotRequest,
  linkRequest,
  linkView,
  type LinkView,
  passwordState,
  type PasswordState,
  resetPasswordRequest,
  type ResetPasswordRequest,
} from '../../contracts/passwords.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ChangePassword } from '../change-password.js';
import { RequestPasswordReset } from '../request-password-reset.js';
import { ResetPassword } from '../reset-password.js';
import { setSessionCookie } from '../session-cookie.js';
import { originOf } from './origin-of.js';

const within = ['password_change'] as const;
const done = z.object({ status: z.literal('password_set') });

@Controller('api/v1')
export class PasswordController {
  constructor(
    private readonly changing: ChangePassword,
    private readonly requesting: RequestPasswordReset,
    private readonly resetting: ResetPassword,
  ) {}

  @Get('me/password')
  @Access({ kind: 'person', within })
  @Answers('When the own password was changed, and what a new one must be.', passwordState)
  state(@SignedIn() caller: PersonCaller): Promise<PasswordState> {
    return this.changing.state(caller.personId);
  }

  @Post('me/password')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('Changes the own password and ends all other sessions.', done)
  async change(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(changePasswordRequest)) body: ChangePasswordRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'password_set' }> {
    setSessionCookie(reply, await this.changing.change(caller, body, originOf(request)));
    return { status: 'password_set' };
  }

  @Post('password/forgot')
  @HttpCode(202)
  @Access({ kind: 'public' })
  @Answers('Mails a link to set a new password, if the address is known; the answer does not say.', forgotAnswer)
  async forgot(
    @Body(new Valid(forgotRequest)) body: { email: string },
    @Req() request: FastifyRequest,
  ): Promise<ForgotAnswer> {
    return { status: 'accepted', way: await this.requesting.request(body.email, originOf(request)) };
  }

  @Post('password/link')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('What a mailed link is for; uses nothing up.', linkView)
  look(@Body(new Valid(linkRequest)) body: { token: string }): Promise<LinkView> {
    return this.resetting.look(body.token);
  }

  @Post('password/reset')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Sets a password by a mailed link, once, and ends all sessions. It signs nobody in.', done)
  async reset(
    @Body(new Valid(resetPasswordRequest)) body: ResetPasswordRequest,
    @Req() request: FastifyRequest,
  ): Promise<{ status: 'password_set' }> {
    await this.resetting.reset(body.token, body.password, originOf(request));
    return { status: 'password_set' };
  }
}
