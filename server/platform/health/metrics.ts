import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus reads. Labels are few and fixed: a label that holds a name or an address would grow without bound. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly recorded = new Counter({
    name: 'gatehouse_attempts_recorded_total',
    help: 'Attempts recorded by this server',
    registers: [this.registry],
  });
  readonly decisions = new Counter({
    name: 'gatehouse_decisions_total',
    help: 'Decisions before a sign-in, and whether they were made in time',
    labelNames: ['decision', 'in_time'],
    registers: [this.registry],
  });
  readonly waiting = new Gauge({
    name: 'gatehouse_attempts_waiting',
    help: 'Attempts recorded and not scored yet',
    registers: [this.registry],
  });
  readonly oldestWaiting = new Gauge({
    name: 'gatehouse_attempts_oldest_waiting_seconds',
    help: 'Age of the oldest attempt that waits',
    registers: [this.registry],
  });
  readonly workers = new Gauge({ name: 'gatehouse_workers', help: 'Workers alive', registers: [this.registry] });
  readonly requests = new Histogram({
    name: 'gatehouse_http_request_seconds',
    help: 'Duration of requests by status class',
    labelNames: ['status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
