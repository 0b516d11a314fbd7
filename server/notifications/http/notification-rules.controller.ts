import { Body, Controller, Get, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notificationRules, type NotificationRules } from '../../contracts/notifications.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ChangeNotificationRules } from '../change-notification-rules.js';

@Controller('api/v1/notification-rules')
export class NotificationRulesController {
  constructor(private readonly rules: ChangeNotificationRules) {}

  @Get()
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('How people are told of alerts.', notificationRules)
  read(): Promise<NotificationRules> {
    return this.rules.read();
  }

  @Put()
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Sets how people are told of alerts.', notificationRules)
  change(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(notificationRules)) body: NotificationRules,
    @Req() request: FastifyRequest,
  ): Promise<NotificationRules> {
    return this.rules.change(caller, body, request.ip);
  }
}
