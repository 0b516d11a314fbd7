import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Me,
  type SetUpRequest,
  me,
  setUpRequest,
  setUpState,
  signInResult,
  signInRequest,
  type SignInResult,
} from '../../contracts/authentication.js';
import { staffRoles } from '../../contracts/people.js';
import { CreateAdmin } from '../../people/create-admin.js';
import { systemActor } from '../../audit/append-audit.js';
import { type Config, setUpToken } from '../../platform/config.js';
import { equalInConstantTime } from '../../platform/crypto.js';
import { Refusal } from '../../platform/errors.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { CONFIG } from '../../platform/tokens.js';
import { version } from '../../platform/version.js';
import { CheckSession } from '../../sessions/check-session.js';
import { Revoke } from '../../sessions/revoke.js';
import { ReadInstallation } from '../../people/read-installation.js';
import { SignIn } from '../sign-in.js';
import { clearSessionCookie, requestToken, setSessionCookie } from '../session-cookie.js';

@Controller('api/v1')
export class SignInController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sessions: CheckSession,
    private readonly signInUseCase: SignIn,
    private readonly admins: CreateAdmin,
    private readonly revocations: Revoke,
    private readonly installation: ReadInstallation,
  ) {}

  @Get('set-up')
  @Access({ kind: 'public' })
  @Answers('Whether the first administrator is still to be created.', setUpState)
  async setUpState(): Promise<{ needed: boolean; version: string }> {
    return { needed: !(await this.admins.exists()), version };
  }

  @Post('set-up')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Creates the first administrator, once, with the link from the terminal.', signInResult)
  async setUp(
    @Body(new Valid(setUpRequest)) body: SetUpRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignInResult> {
    if (await this.admins.exists()) throw new Refusal('already_set_up');
    if (!equalInConstantTime(body.token, setUpToken(this.config))) throw new Refusal('setup_link_invalid');
    await this.admins.createFirst(body, body, systemActor);
    return this.signInNow(body.email, body.password, request, reply);
  }

  @Post('sign-in')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Signs in and sets the session cookie.', signInResult)
  signIn(
    @Body(new Valid(signInRequest)) body: { email: string; password: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignInResult> {
    return this.signInNow(body.email, body.password, request, reply);
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
    const token = requestToken(request);
    const check = token === undefined ? undefined : await this.sessions.check(token);
    if (check?.state === 'live') {
      const { sessionId, personId, name } = check.session;
      await this.revocations.revoke({
        select: { sessionId },
        by: { kind: 'person', id: personId, name },
        endReason: 'signed_out',
        ip: request.ip,
      });
    }
    clearSessionCookie(reply);
    return { status: 'signed_out' };
  }

  @Get('me')
  @Access({ kind: 'person' })
  @Answers('Who is signed in, and what they may do.', me)
  async me(@SignedIn() caller: PersonCaller): Promise<Me> {
    const installation = await this.installation.read();
    return {
      person: { id: caller.personId, name: caller.name, email: caller.email, role: caller.role },
      organisation: installation,
      sessionId: caller.sessionId,
      may: {
        watch: (staffRoles as readonly string[]).includes(caller.role),
        act: caller.role === 'analyst' || caller.role === 'admin',
        administer: caller.role === 'admin',
      },
    };
  }

  private async signInNow(
    email: string,
    password: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<SignInResult> {
    const before = requestToken(request);
    const opened = await this.signInUseCase.signIn(email, password, {
      ip: request.ip,
      userAgent: request.headers['user-agent'],
    });
    await this.endFormer(before, request.ip);
    setSessionCookie(reply, opened.token);
    const check = await this.sessions.check(opened.token);
    if (check.state !== 'live') throw new Refusal('session_ended');
    return { status: 'signed_in', me: await this.me({ kind: 'person', ...check.session }) };
  }

  /** A browser holds one session: the one it came with ends, so that no token planted before survives a sign-in. */
  private async endFormer(token: string | undefined, ip: string): Promise<void> {
    const check = token === undefined ? undefined : await this.sessions.check(token);
    if (check?.state !== 'live') return;
    const { sessionId, personId, name } = check.session;
    await this.revocations.revoke({
      select: { sessionId },
      by: { kind: 'person', id: personId, name },
      endReason: 'signed_out',
      ip,
    });
  }
}
