import { Body, Controller, Get, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { quietHours, type QuietHours } from '../../contracts/notifications.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ChangeQuietHours } from '../change-quiet-hours.js';

@Controller('api/v1/me/quiet-hours')
export class QuietHoursController {
  constructor(private readonly hours: ChangeQuietHours) {}

  @Get()
  @Access({ kind: 'person' })
  @Answers('The own time zone and quiet hours.', quietHours)
  read(@SignedIn() caller: PersonCaller): Promise<QuietHours> {
    return this.hours.read(caller.personId);
  }

  @Put()
  @Access({ kind: 'person' })
  @Answers('Sets the own time zone and quiet hours.', quietHours)
  change(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(quietHours)) body: QuietHours,
    @Req() request: FastifyRequest,
  ): Promise<QuietHours> {
    return this.hours.change(caller, body, request.ip);
  }
}
