import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  authenticatorChange,
  confirmCode,
  type CredentialResponse,
  type FactorAdded,
  factorAdded,
  type FactorsView,
  factorsView,
  newBackupCodes,
  type NewBackupCodes,
  newNumber,
  type NewNumber,
  newPasskey,
  passkeyOptions,
  sentCode,
  type SentCode,
  totpSetUp,
  type TotpSetUp,
  turnOffRequest,
  type TurnOffRequest,
} from '../../contracts/factors.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { BackupCodes } from '../backup-codes.js';
import { BindFactors, type Bound } from '../bind-factors.js';
import { ManageFactors } from '../manage-factors.js';
import { setSessionCookie } from '../session-cookie.js';
import { originOf } from './origin-of.js';

/** Setting up a first factor is what a session may do that is confined to it; changing what is there, it may not. */
const within = ['factor_set_up'] as const;

/** A person's own second factors. */
@Controller('api/v1/me/factors')
export class FactorsController {
  constructor(
    private readonly binding: BindFactors,
    private readonly managing: ManageFactors,
    private readonly codes: BackupCodes,
  ) {}

  @Get()
  @Access({ kind: 'person', within })
  @Answers('How two-step sign-in stands.', factorsView)
  read(@SignedIn() caller: PersonCaller): Promise<FactorsView> {
    return this.managing.read(caller.personId);
  }

  @Post('totp')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('A key for an authenticator app; nothing is on before a code has worked.', totpSetUp)
  beginTotp(@SignedIn() caller: PersonCaller): Promise<TotpSetUp> {
    return this.binding.beginTotp(caller);
  }

  @Post('totp/confirm')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('Turns the authenticator app on with a code of it.', factorAdded)
  async confirmTotp(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(confirmCode)) body: { code: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FactorAdded> {
    return this.added(caller, await this.binding.confirmTotp(caller, body.code, originOf(request)), reply);
  }

  @Post('email')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('Sends a first code by e-mail; nothing is on before it was typed.', sentCode)
  beginEmail(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<SentCode> {
    return this.binding.beginEmail(caller, originOf(request));
  }

  @Post('email/confirm')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('Turns codes by e-mail on with the first one.', factorAdded)
  async confirmEmail(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(confirmCode)) body: { code: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FactorAdded> {
    return this.added(caller, await this.binding.confirmSent(caller, 'email', body.code, originOf(request)), reply);
  }

  @Post('sms')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('Sends a first code by SMS; nothing is on, and no number changed, before it was typed.', sentCode)
  beginSms(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(newNumber)) body: NewNumber,
    @Req() request: FastifyRequest,
  ): Promise<SentCode> {
    return this.binding.beginSms(caller, body, originOf(request));
  }

  @Post('sms/confirm')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('Turns codes by SMS on, or changes the number, with the first one.', factorAdded)
  async confirmSms(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(confirmCode)) body: { code: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FactorAdded> {
    return this.added(caller, await this.binding.confirmSent(caller, 'sms', body.code, originOf(request)), reply);
  }

  @Post('passkeys/options')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('WebAuthn options to make a passkey.', passkeyOptions)
  passkeyOptions(@SignedIn() caller: PersonCaller): Promise<{ challenge: string }> {
    return this.binding.passkeyOptions(caller);
  }

  @Post('passkeys')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true, within })
  @Answers('Adds a passkey or security key.', factorAdded)
  async addPasskey(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(newPasskey)) body: { name: string; response: CredentialResponse },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FactorAdded> {
    return this.added(
      caller,
      await this.binding.addPasskey(caller, body.name, body.response, originOf(request)),
      reply,
    );
  }

  @Post('backup-codes')
  @HttpCode(200)
  @Access({ kind: 'person', fresh: true })
  @Answers('Makes new backup codes, shown this once; the former ones are void.', newBackupCodes)
  async newCodes(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<NewBackupCodes> {
    return { codes: await this.codes.regenerate(caller, originOf(request)) };
  }

  @Post('backup-codes/saved')
  @HttpCode(200)
  @Access({ kind: 'person', within })
  @Answers('The backup codes are in a safe place.', factorsView)
  async codesSaved(@SignedIn() caller: PersonCaller): Promise<FactorsView> {
    await this.codes.acknowledge(caller);
    return this.managing.read(caller.personId);
  }

  @Post('turn-off')
  @HttpCode(200)
  @Access({ kind: 'person' })
  @Answers('Turns two-step sign-in off.', factorsView)
  async turnOff(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(turnOffRequest)) body: TurnOffRequest,
    @Req() request: FastifyRequest,
  ): Promise<FactorsView> {
    await this.managing.turnOff(caller, body, originOf(request));
    return this.managing.read(caller.personId);
  }

  @Patch(':id')
  @Access({ kind: 'person', fresh: true })
  @Answers('Renames a factor, or makes it the one that is asked for first.', factorsView)
  async change(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Body(new Valid(authenticatorChange)) body: z.infer<typeof authenticatorChange>,
    @Req() request: FastifyRequest,
  ): Promise<FactorsView> {
    await this.managing.change(caller, id, body, originOf(request));
    return this.managing.read(caller.personId);
  }

  @Delete(':id')
  @Access({ kind: 'person', fresh: true })
  @Answers('Removes a factor.', factorsView)
  async remove(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Req() request: FastifyRequest,
  ): Promise<FactorsView> {
    await this.managing.remove(caller, id, originOf(request));
    return this.managing.read(caller.personId);
  }

  private async added(caller: PersonCaller, bound: Bound, reply: FastifyReply): Promise<FactorAdded> {
    setSessionCookie(reply, bound.token);
    return { factors: await this.managing.read(caller.personId), backupCodes: bound.backupCodes };
  }
}
