import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  questionAnswer,
  type QuestionAnswer,
  questionRequest,
  signInQuestion,
  type SignInQuestion,
} from '../../contracts/activity.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { AnswerQuestion } from '../answer-question.js';

const answered = z.object({ status: z.literal('answered') });

/** The page of a mailed "Was this you?", which works signed out. No GET: programs that look through mail open links too. */
@Controller('api/v1/sign-in-question')
export class QuestionController {
  constructor(private readonly questions: AnswerQuestion) {}

  @Post()
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('What a mailed "Was this you?" is about; uses nothing up.', signInQuestion)
  look(@Body(new Valid(questionRequest)) { token }: { token: string }): Promise<SignInQuestion> {
    return this.questions.look(token);
  }

  @Post('answer')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Takes the one answer to a mailed "Was this you?". It signs nobody in.', answered)
  async answer(
    @Body(new Valid(questionAnswer)) { token, answer }: QuestionAnswer,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof answered>> {
    await this.questions.answer(token, answer, { ip: request.ip, userAgent: request.headers['user-agent'] });
    return { status: 'answered' };
  }
}
