import { randomUUID } from 'node:crypto';
import { createGunzip } from 'node:zlib';
import compress from '@fastify/compress';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { BODY_BYTES_MAX } from '../../contracts/attempts.js';
import type { Config } from '../config.js';
import { Refusal } from '../errors.js';
import type { Metrics } from '../health/metrics.js';
import { answerBadAddress, answerBrokenRequest } from './broken-requests.js';
import { headersFor } from './headers.js';

/** Largest body of any other route, in bytes. */
const BODY_MAX = 1024 * 1024;
/** A request must have arrived whole within this, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
const RECORD_PATH = '/api/v1/attempts';

/** The HTTP side before any route: whom to believe about addresses, how long a request may take, what it may weigh. */
export function createAdapter(config: Config): FastifyAdapter {
  const adapter = new FastifyAdapter({
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: BODY_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => randomUUID(),
    // What arrives while we end is still answered, on a connection that is then closed: see below.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: answerBadAddress(config.publicUrl),
    clientErrorHandler: answerBrokenRequest(config.publicUrl),
  });
  return adapter;
}

/** Headers, compression and the bodies that recording takes, on the server under Nest. */
export async function prepareServer(server: FastifyInstance, config: Config, metrics: Metrics): Promise<void> {
  const headers = headersFor(config.publicUrl);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (!request.url.startsWith('/assets/')) reply.header('cache-control', 'no-store');
  });
  server.addHook('onResponse', async (_request, reply) => {
    metrics.requests.observe({ status: `${Math.floor(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1000);
  });
  closeConnectionsAtTheEnd(server);
  await server.register(compress, { global: true, threshold: 1024, encodings: ['br', 'gzip'] });
  acceptRecordBodies(server);
}

/**
 * Lets no connection outlive the server: Node closes those that are idle when the end begins, and would wait for the others until
 * their clients, often a proxy, let go of them.
 */
function closeConnectionsAtTheEnd(server: FastifyInstance): void {
  server.addHook('onSend', async (_request, reply) => {
    if (!server.server.listening) reply.header('connection', 'close');
  });
}

/**
 * Recording reads text, as NDJSON and JSON are told apart by us; other routes take JSON alone. A compressed body is unpacked up
 * to the same limit, whatever it claims.
 */
function acceptRecordBodies(server: FastifyInstance): void {
  server.addHook('preParsing', async (request, _reply, payload) => {
    if (request.headers['content-encoding'] !== 'gzip' || request.url.split('?')[0] !== RECORD_PATH) return payload;
    delete request.headers['content-encoding'];
    delete request.headers['content-length'];
    return payload.pipe(createGunzip());
  });
  server.addContentTypeParser(
    'application/x-ndjson',
    { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
    (_request, body, done) => done(null, body),
  );
  server.removeContentTypeParser(['application/json', 'text/plain']);
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
    (request, body, done) => {
      const text = body as string;
      if (request.url.split('?')[0] === RECORD_PATH) return done(null, text);
      if (text.length > BODY_MAX) return done(new Refusal('body_too_large'));
      try {
        done(null, text === '' ? {} : JSON.parse(text, dropPrototype));
      } catch {
        done(new Refusal('invalid_json'));
      }
    },
  );
}

/** Names with which JSON could reach into prototypes; no schema of ours has them. */
const dropPrototype = (key: string, value: unknown): unknown =>
  key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value;
