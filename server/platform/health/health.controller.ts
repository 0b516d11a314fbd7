import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type Readiness, readiness } from '../../contracts/operations.js';
import type { Config } from '../config.js';
import { equalInConstantTime } from '../crypto.js';
import { Refusal } from '../errors.js';
import { Answers } from '../http/answers.js';
import { Access } from '../http/access.js';
import { CONFIG } from '../tokens.js';
import { Metrics } from './metrics.js';
import { readReadiness } from './readiness.js';

const loopback = /^(127\.|::1$|::ffff:127\.)/;

@Controller()
export class HealthController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly metrics: Metrics,
  ) {}

  /** The process runs. Says nothing of what it depends on: restarting it would not mend those. */
  @Get('health/live')
  @Access({ kind: 'public' })
  @Answers('The process runs.', z.object({ status: z.literal('live') }))
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** Usable: the database answers and its schema is ours. A missing worker is named, but attempts are safe without it. */
  @Get('health/ready')
  @Access({ kind: 'public' })
  @Answers('Gatehouse can be used.', readiness)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await readReadiness(this.database);
    void reply.status(readiness.status === 'ready' ? 200 : 503);
    return readiness;
  }

  /** For Prometheus: from this machine, or with METRICS_TOKEN as bearer. */
  @Get('metrics')
  @Access({ kind: 'public' })
  @Answers('Figures for Prometheus.', z.string())
  async scrape(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = this.config.metricsToken;
    const allowed =
      token === undefined ? loopback.test(request.ip) : bearer !== undefined && equalInConstantTime(bearer, token);
    if (!allowed) throw new Refusal('forbidden');
    const { backlog, workers } = await readReadiness(this.database);
    this.metrics.waiting.set(backlog?.waiting ?? Number.NaN);
    this.metrics.oldestWaiting.set(backlog?.oldestSeconds ?? Number.NaN);
    this.metrics.workers.set(workers.length);
    await reply.header('content-type', this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
