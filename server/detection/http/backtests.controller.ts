import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { type BacktestRequest, backtestRequest, type BacktestView, backtestView } from '../../contracts/backtests.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { AskBacktest } from '../ask-backtest.js';

const readers = { kind: 'person', roles: ['admin', 'analyst', 'auditor'] } as const;
const writers = { kind: 'person', roles: ['admin'] } as const;

@Controller('api/v1/policies/detection/backtests')
export class BacktestsController {
  constructor(private readonly backtests: AskBacktest) {}

  @Post()
  @HttpCode(202)
  @Access(writers)
  @Answers('Replays the last days under other settings, beside the ones in force. One at a time.', backtestView)
  ask(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(backtestRequest)) body: BacktestRequest,
  ): Promise<BacktestView> {
    return this.backtests.ask(caller, body);
  }

  @Get()
  @Access(readers)
  @Answers('The last backtests, newest first, without their examples.', pageOf(backtestView))
  async list(): Promise<Page<BacktestView>> {
    return { items: await this.backtests.list(), nextCursor: null };
  }

  @Get(':id')
  @Access(readers)
  @Answers('How far a backtest is, and what came of it.', backtestView)
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<BacktestView> {
    return this.backtests.read(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access(writers)
  @Answers('Cancels a backtest that waits or runs.', backtestView)
  cancel(@Param('id', new Valid(z.uuid())) id: string): Promise<BacktestView> {
    return this.backtests.cancel(id);
  }
}
