import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { actorOf } from '../../audit/actor-of.js';
import {
  releasedSource,
  releaseRequest,
  type ThrottledSource,
  throttledSource,
  type ThrottleRequest,
  throttleRequest,
} from '../../contracts/entities.js';
import { Access, type PersonCaller, SignedIn } from '../../platform/http/access.js';
import { Answers } from '../../platform/http/answers.js';
import { Valid } from '../../platform/http/valid.js';
import { ThrottleSource } from '../throttle-source.js';

@Controller('api/v1/sources')
export class SourcesController {
  constructor(private readonly throttling: ThrottleSource) {}

  @Post('throttle')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('Has sign-ins from an address refused for an hour.', throttledSource)
  throttle(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(throttleRequest)) { ip, reason }: ThrottleRequest,
  ): Promise<ThrottledSource> {
    return this.throttling.throttle(actorOf(caller), ip, reason);
  }

  @Post('release')
  @HttpCode(200)
  @Access({ kind: 'person', roles: ['analyst', 'admin'] })
  @Answers('Lets an address sign in again.', releasedSource)
  async release(
    @SignedIn() caller: PersonCaller,
    @Body(new Valid(releaseRequest)) { ip }: z.infer<typeof releaseRequest>,
  ): Promise<z.infer<typeof releasedSource>> {
    return { released: await this.throttling.release(actorOf(caller), ip) };
  }
}
