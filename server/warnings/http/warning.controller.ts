import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  warningReply,
  type WarningReply,
  warningRequest,
  warningView,
  type WarningView,
} from '../../contracts/warnings.js';
import { Access } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { AnswerWarning } from '../answer-warning.js';

const answered = z.object({ status: z.literal('answered') });

/** The page of a mailed warning, which works signed out. No GET: programs that look through mail open links too. */
@Controller('api/v1/warning')
export class WarningController {
  constructor(private readonly warnings: AnswerWarning) {}

  @Post()
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('What a mailed warning is about, and what was answered; uses nothing up.', warningView)
  look(@Body(new Valid(warningRequest)) { token }: { token: string }): Promise<WarningView> {
    return this.warnings.look(token);
  }

  @Post('answer')
  @HttpCode(200)
  @Access({ kind: 'public' })
  @Answers('Takes an answer to a mailed warning. It signs nobody in.', answered)
  async answer(
    @Body(new Valid(warningReply)) reply: WarningReply,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof answered>> {
    await this.warnings.answer(reply, { ip: request.ip, userAgent: request.headers['user-agent'] });
    return { status: 'answered' };
  }
}
