import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Page, pageOf } from '../../contracts/paging.js';
import {
  webhookChange,
  type WebhookChange,
  webhookDelivery,
  type WebhookDelivery,
  webhookDeliveryQuery,
  type WebhookDeliveryQuery,
  webhookSet,
  type WebhookSet,
  webhookTestResult,
  type WebhookTestResult,
  webhookView,
  type WebhookView,
} from '../../contracts/webhooks.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ChangeWebhook } from '../change-webhook.js';
import { ListDeliveries } from '../list-deliveries.js';
import { SendTestEvent } from '../send-test-event.js';

@Controller('api/v1/webhook')
export class WebhookController {
  constructor(
    private readonly webhook: ChangeWebhook,
    private readonly deliveries: ListDeliveries,
    private readonly test: SendTestEvent,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('The target that events are told to, without its secret.', webhookView)
  read(@SignedIn() caller: PersonCaller): Promise<WebhookView> {
    return this.webhook.read(caller);
  }

  @Get('messages')
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('Messages to the target by time, newest first: what became of each.', pageOf(webhookDelivery))
  list(@Query(new Valid(webhookDeliveryQuery)) query: WebhookDeliveryQuery): Promise<Page<WebhookDelivery>> {
    return this.deliveries.list(query);
  }

  @Put()
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Sets the target; a new one comes with its secret, which is shown this once.', webhookSet)
  change(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(webhookChange)) body: WebhookChange,
    @Req() request: FastifyRequest,
  ): Promise<WebhookSet> {
    return this.webhook.change(caller, body, request.ip);
  }

  @Post('secret')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Makes a new secret, shown this once; the former one signs too for a day.', webhookSet)
  renew(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<WebhookSet> {
    return this.webhook.renew(caller, request.ip);
  }

  @Post('enable')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Turns a target on again that was off.', webhookView)
  enable(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<WebhookView> {
    return this.webhook.enable(caller, request.ip);
  }

  @Delete()
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Removes the target.', webhookView)
  remove(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<WebhookView> {
    return this.webhook.remove(caller, request.ip);
  }

  @Post('test')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'] })
  @Answers('Sends a test message and says what the receiver answered.', webhookTestResult)
  sendTest(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<WebhookTestResult> {
    return this.test.send(caller, request.ip);
  }
}
