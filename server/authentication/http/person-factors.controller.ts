import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  personFactors,
  type PersonFactors,
  type ResetFactorsRequest,
  resetFactorsRequest,
} from '../../contracts/factors.js';
import { staffRoles } from '../../contracts/people.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { LiftChallenge } from '../challenge-next.js';
import { ResetFactors } from '../reset-factors.js';
import { originOf } from './origin-of.js';

const uuid = new Valid(z.uuid());

/** Somebody else's second factors, for staff. */
@Controller('api/v1/people/:id/factors')
export class PersonFactorsController {
  constructor(
    private readonly resetting: ResetFactors,
    private readonly challenges: LiftChallenge,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: staffRoles })
  @Answers('How two-step sign-in stands for a person.', personFactors)
  read(@Param('id', uuid) id: string): Promise<PersonFactors> {
    return this.resetting.read(id);
  }

  @Delete('challenge')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Takes back that the next sign-in needs a second factor.', personFactors)
  async lift(@SignedIn() caller: PersonCaller, @Param('id', uuid) id: string): Promise<PersonFactors> {
    await this.challenges.lift(caller, id);
    return this.resetting.read(id);
  }

  @Post('reset')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Removes the second factors of a person who is locked out, and ends all their sessions.', personFactors)
  reset(
    @SignedIn() caller: PersonCaller,
    @Param('id', uuid) id: string,
    @Body(new Valid(resetFactorsRequest)) body: ResetFactorsRequest,
    @Req() request: FastifyRequest,
  ): Promise<PersonFactors> {
    return this.resetting.reset(caller, id, body, originOf(request));
  }
}
