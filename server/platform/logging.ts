import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { Config } from './config.js';

export type { Logger };

/** Names of fields that never reach a log line, wherever they stand. */
const secretFields = [
  'password',
  'token',
  'key',
  'secret',
  'authorization',
  'cookie',
  'set-cookie',
  'passwordFingerprint',
];

/** Structured logs, one JSON object a line: hostile text can't break a line, as pino escapes every control character. */
export function createLogger(config: Pick<Config, 'logLevel'>, processName: 'server' | 'worker' | 'cli'): Logger {
  return pino({
    level: config.logLevel,
    base: { process: processName, pid: process.pid },
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`].map(quoted)),
      censor: '[redacted]',
    },
  });
}

const quoted = (path: string): string => path.replace(/([^.*]+-[^.*]+)/g, '["$1"]').replace(/\.\["/g, '["');

/** Lets Nest's own messages go through the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}
  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }
  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }
  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack }, String(message));
  }
}
