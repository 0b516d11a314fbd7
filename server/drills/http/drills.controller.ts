import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../../audit/actor-of.js';
import { drillView, type DrillView } from '../../contracts/drills.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { AskDrill } from '../ask-drill.js';

const readers = { kind: 'person', roles: ['admin', 'analyst', 'auditor'] } as const;
const writers = { kind: 'person', roles: ['admin'] } as const;

@Controller('api/v1/drills')
export class DrillsController {
  constructor(private readonly drills: AskDrill) {}

  @Post()
  @HttpCode(202)
  @Access(writers)
  @Answers('Runs an attack drill with invented people against this installation. One at a time.', drillView)
  ask(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<DrillView> {
    return this.drills.ask(actorOf(caller), request.ip);
  }

  @Get()
  @Access(readers)
  @Answers('The last drills, newest first.', pageOf(drillView))
  async list(): Promise<Page<DrillView>> {
    return { items: await this.drills.list(), nextCursor: null };
  }

  @Get(':id')
  @Access(readers)
  @Answers('How far a drill is, and what came of it.', drillView)
  read(@Param('id', new Valid(z.uuid())) id: string): Promise<DrillView> {
    return this.drills.read(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access(writers)
  @Answers('Cancels a drill; what it left is removed.', drillView)
  cancel(
    @Param('id', new Valid(z.uuid())) id: string,
    @SignedIn() caller: PersonCaller,
    @Req() request: FastifyRequest,
  ): Promise<DrillView> {
    return this.drills.cancel(actorOf(caller), id, request.ip);
  }
}
