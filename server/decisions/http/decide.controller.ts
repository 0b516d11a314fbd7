import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  type Assessment,
  assessment,
  type AssessmentDetail,
  assessmentDetail,
  type DecisionRequest,
  decisionRequest,
} from '../../contracts/decisions.js';
import { Access, type KeyCaller, WithKey } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { DecideSignIn } from '../decide-sign-in.js';

@Controller('api/v1/decide')
export class DecideController {
  constructor(private readonly decisions: DecideSignIn) {}

  @Post()
  @HttpCode(200)
  @Access({ kind: 'key', scope: 'decide' })
  @Answers(
    'Says whether to let a sign-in in, ask for a second factor, or refuse it; "challenge" where it can’t be judged in time. Report its outcome as an attempt with the assessmentId.',
    assessment,
  )
  decide(@WithKey() key: KeyCaller, @Body(new Valid(decisionRequest)) request: DecisionRequest): Promise<Assessment> {
    return this.decisions.decide(key.applicationId, request);
  }

  @Get(':id')
  @Access({ kind: 'key', scope: 'decide' })
  @Answers(
    'A decision of the last 24 hours that this application asked for, and what it reported about it.',
    assessmentDetail,
  )
  read(@WithKey() key: KeyCaller, @Param('id', new Valid(z.uuid())) id: string): Promise<AssessmentDetail> {
    return this.decisions.read(key.applicationId, id);
  }
}
