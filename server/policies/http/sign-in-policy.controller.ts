import { Body, Controller, Get, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  signInPolicyChange,
  type SignInPolicyChange,
  signInPolicyView,
  type SignInPolicyView,
} from '../../contracts/policies.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ChangeSignInPolicy } from '../change-sign-in-policy.js';

@Controller('api/v1/policies/sign-in')
export class SignInPolicyController {
  constructor(private readonly policy: ChangeSignInPolicy) {}

  @Get()
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('What sign-in asks of each role.', signInPolicyView)
  read(): Promise<SignInPolicyView> {
    return this.policy.read();
  }

  @Put()
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Sets what sign-in asks of each role; it holds for open sessions too.', signInPolicyView)
  change(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(signInPolicyChange)) body: SignInPolicyChange,
    @Req() request: FastifyRequest,
  ): Promise<SignInPolicyView> {
    return this.policy.change(caller, body, request.ip);
  }
}
