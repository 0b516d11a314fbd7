import { Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  mailState,
  type MailState,
  notificationQuery,
  type NotificationQuery,
  notificationView,
  type NotificationView,
} from '../../contracts/notifications.js';
import { type Page, pageOf } from '../../contracts/paging.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ListNotifications } from '../list-notifications.js';
import { SendTest } from '../send-test.js';

@Controller('api/v1/mail')
export class MailController {
  constructor(
    private readonly notifications: ListNotifications,
    private readonly test: SendTest,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('How mail leaves, and how many messages were sent, wait or came back.', mailState)
  state(): Promise<MailState> {
    return this.notifications.state();
  }

  @Get('messages')
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('Messages by time, newest first: to whom, and what became of them.', pageOf(notificationView))
  list(@Query(new Valid(notificationQuery)) query: NotificationQuery): Promise<Page<NotificationView>> {
    return this.notifications.list(query);
  }

  @Post('test')
  @HttpCode(202)
  @Access({ kind: 'person', roles: ['admin'] })
  @Answers('Sends the caller a message, to see that mail works.', z.object({ status: z.literal('queued') }))
  async sendTest(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<{ status: 'queued' }> {
    await this.test.send(caller, request.ip);
    return { status: 'queued' };
  }
}
