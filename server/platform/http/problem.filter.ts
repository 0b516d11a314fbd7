import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorCatalogue, type Problem } from '../../contracts/errors.js';
import { Refusal, type RefusalDetail } from '../errors.js';
import type { Logger } from '../logging.js';

/** Seconds a client waits before it repeats what we could not do just now. */
const RETRY_AFTER_SECONDS = 2;

/** PostgreSQL says by these that it can't be reached or has no room; nothing was stored. Class 53 and 57 of its error codes, and node's. */
const unavailable = /^(53|57P|08|25006|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/;
const unavailableMessage =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Driver not Connected/;

/** The one place where an error becomes an answer. What isn't expected is logged whole and shown only by its id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { code, info } = toRefusal(error);
    const document = problemOf(code, info, request.id);
    const about = { id: request.id, url: request.url.split('?')[0] };
    // What was refused on purpose, for too much load, is no fault to look for in a trace.
    if (error instanceof Refusal && document.status >= 500) this.logger.warn({ ...about, code }, 'request refused');
    else if (document.status >= 500) this.logger.error({ ...about, err: error }, 'request failed');
    if (document.retryAfter !== undefined) void reply.header('retry-after', document.retryAfter);
    void reply
      .status(document.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(document));
  }
}

/** Fills in the sentences that belong to a code. */
export function problemOf(code: ErrorCode, info: RefusalDetail, id: string): Problem {
  const entry = errorCatalogue[code];
  return {
    type: `urn:gatehouse:problem:${code}`,
    title: entry.title,
    status: entry.status,
    code,
    next: entry.next,
    id,
    ...info,
  };
}

function toRefusal(error: unknown): { code: ErrorCode; info: RefusalDetail } {
  if (error instanceof Refusal) return { code: error.code, info: error.info };
  if (error instanceof HttpException) return { code: fromStatus(error.getStatus()), info: {} };
  const { code = '', message = '', statusCode } = error as { code?: string; message?: string; statusCode?: number };
  if (unavailable.test(code) || unavailableMessage.test(message))
    return { code: 'unavailable', info: { retryAfter: RETRY_AFTER_SECONDS } };
  if (code === '40P01' || code === '40001') return { code: 'unavailable', info: { retryAfter: 1 } };
  if (statusCode !== undefined && statusCode < 500) return { code: fromStatus(statusCode), info: {} };
  return { code: 'internal', info: {} };
}

function fromStatus(status: number): ErrorCode {
  if (status === 404) return 'not_found';
  if (status === 413) return 'body_too_large';
  if (status === 415) return 'unsupported_media_type';
  return status < 500 ? 'invalid_request' : 'internal';
}
