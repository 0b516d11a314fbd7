import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { undoContainment, type UndoContainment as Parts, undone, type Undone } from '../../contracts/incidents.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { UndoContainment } from '../undo-containment.js';
import { originOf } from './incidents.controller.js';

@Controller('api/v1/containments')
export class ContainmentsController {
  constructor(private readonly undoing: UndoContainment) {}

  @Post(':id/undo')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers(
    'Takes back what can be: lets sources in again, lifts the demand of a new password, reopens the alert.',
    undone,
  )
  async undo(
    @SignedIn() caller: PersonCaller,
    @Param('id', new Valid(z.uuid())) id: string,
    @Body(new Valid(undoContainment)) parts: Parts,
    @Req() request: FastifyRequest,
  ): Promise<Undone> {
    return this.undoing.undo(id, parts, originOf(caller, request));
  }
}
