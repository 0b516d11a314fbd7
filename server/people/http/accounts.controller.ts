import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { personAccount, type PersonAccount, reasonGiven, type ReasonGiven } from '../../contracts/people.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { DisablePerson } from '../disable-person.js';
import { InvitePerson } from '../invite-person.js';
import { ReadAccount } from '../read-account.js';
import { RequireNewPassword } from '../require-new-password.js';
import { changeOriginOf, uuid } from './change-origin.js';

/** What administrators do about the way in of one person. Each answers with how it stands afterwards. */
@Controller('api/v1/people/:id')
export class AccountsController {
  constructor(
    private readonly accounts: ReadAccount,
    private readonly disabling: DisablePerson,
    private readonly passwords: RequireNewPassword,
    private readonly invitations: InvitePerson,
  ) {}

  @Get('account')
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('How a person gets in.', personAccount)
  read(@Param('id', uuid) id: string): Promise<PersonAccount> {
    return this.accounts.read(id);
  }

  @Post('disable')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Shuts a person out: ends all sessions, and refuses sign-in like a wrong password.', personAccount)
  async disable(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(reasonGiven)) { reason }: ReasonGiven,
    @Req() request: FastifyRequest,
  ): Promise<PersonAccount> {
    await this.disabling.disable(id, reason, changeOriginOf(caller, request));
    return this.accounts.read(id);
  }

  @Post('enable')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Lets a disabled person sign in again, with the password they had.', personAccount)
  async enable(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(reasonGiven)) { reason }: ReasonGiven,
    @Req() request: FastifyRequest,
  ): Promise<PersonAccount> {
    await this.disabling.enable(id, reason, changeOriginOf(caller, request));
    return this.accounts.read(id);
  }

  @Post('require-password')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Ends all sessions; the next one opens nothing but the page to choose a new password.', personAccount)
  async requirePassword(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(reasonGiven)) { reason }: ReasonGiven,
    @Req() request: FastifyRequest,
  ): Promise<PersonAccount> {
    await this.passwords.require(id, reason, changeOriginOf(caller, request));
    return this.accounts.read(id);
  }

  @Post('invitation')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Mails a link to choose a password; a link mailed before stops working.', personAccount)
  async invite(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Req() request: FastifyRequest,
  ): Promise<PersonAccount> {
    await this.invitations.invite(id, changeOriginOf(caller, request));
    return this.accounts.read(id);
  }

  @Delete('invitation')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Makes the mailed link worthless.', personAccount)
  async withdraw(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Req() request: FastifyRequest,
  ): Promise<PersonAccount> {
    await this.invitations.withdraw(id, changeOriginOf(caller, request));
    return this.accounts.read(id);
  }
}
