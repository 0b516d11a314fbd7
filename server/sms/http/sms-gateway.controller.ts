import { Body, Controller, Delete, Get, HttpCode, Post, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  smsGatewayChange,
  type SmsGatewayChange,
  smsGatewayView,
  type SmsGatewayView,
  smsTest,
  smsTestResult,
  type SmsTestResult,
} from '../../contracts/sms.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ChangeSmsGateway } from '../change-sms-gateway.js';
import { SendTestSms } from '../send-test-sms.js';

@Controller('api/v1/sms-gateway')
export class SmsGatewayController {
  constructor(
    private readonly gateway: ChangeSmsGateway,
    private readonly test: SendTestSms,
  ) {}

  @Get()
  @Access({ kind: 'person', roles: ['admin', 'auditor'] })
  @Answers('How codes by SMS leave, without the key.', smsGatewayView)
  read(): Promise<SmsGatewayView> {
    return this.gateway.read();
  }

  @Put()
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Sets the gateway for codes by SMS.', smsGatewayView)
  change(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(smsGatewayChange)) body: SmsGatewayChange,
    @Req() request: FastifyRequest,
  ): Promise<SmsGatewayView> {
    return this.gateway.change(caller, body, request.ip);
  }

  @Delete()
  @Access({ kind: 'person', roles: ['admin'], fresh: true })
  @Answers('Removes the gateway: no codes by SMS any more.', smsGatewayView)
  remove(@SignedIn() caller: PersonCaller, @Req() request: FastifyRequest): Promise<SmsGatewayView> {
    return this.gateway.remove(caller, request.ip);
  }

  @Post('test')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['admin'] })
  @Answers('Sends a test message and says what the gateway answered.', smsTestResult)
  sendTest(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(smsTest)) body: { to: string },
    @Req() request: FastifyRequest,
  ): Promise<SmsTestResult> {
    return this.test.send(caller, body.to, request.ip);
  }
}
