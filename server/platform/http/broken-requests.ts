import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../contracts/errors.js';
import { headersFor } from './headers.js';
import { problemOf } from './problem.filter.js';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Answers an address that can't be decoded: it reaches no route, so neither our hooks nor the filter see it. */
export const answerBadAddress =
  (publicUrl: string) =>
  (_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const document = problemOf('invalid_request', {}, request.id);
    void reply
      .status(document.status)
      .headers({ ...headersFor(publicUrl), 'cache-control': 'no-store', 'content-type': PROBLEM_TYPE })
      .send(JSON.stringify(document));
  };

/** Answers what node could not read as HTTP, on the bare socket, and closes it: nothing after it can be trusted to be a request. */
export const answerBrokenRequest =
  (publicUrl: string) =>
  (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (socket.writable) socket.write(rawAnswer(codeOf(error.code), publicUrl));
    socket.destroySoon();
  };

function codeOf(code: string | undefined): ErrorCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_too_slow' : 'invalid_request';
}

function rawAnswer(code: ErrorCode, publicUrl: string): string {
  const document = problemOf(code, {}, randomUUID());
  const body = JSON.stringify(document);
  const headers = {
    ...headersFor(publicUrl),
    'cache-control': 'no-store',
    'content-type': PROBLEM_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${document.status} ${STATUS_CODES[document.status] ?? ''}`, ...lines, '', body].join('\r\n');
}
