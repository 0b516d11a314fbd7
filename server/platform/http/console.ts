import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import serveFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { rootFolder } from '../version.js';
import { problemOf } from './problem.filter.js';

/** Paths that belong to the server; everything else is a page of the console. */
const serverPath = /^\/(api|health|metrics)(\/|$|\?)|^\/live\//;

/** Serves the built console. Its pages are one document; files have their content in the name and may be kept for ever. */
export async function serveConsole(server: FastifyInstance): Promise<void> {
  const folder = join(rootFolder, 'dist', 'dashboard');
  const page = existsSync(join(folder, 'index.html')) ? readFileSync(join(folder, 'index.html'), 'utf8') : undefined;
  if (page !== undefined) {
    await server.register(serveFiles, {
      root: folder,
      index: false,
      wildcard: false,
      cacheControl: true,
      immutable: true,
      maxAge: '1y',
      preCompressed: false,
    });
  }
  server.get('/*', (request, reply) => {
    // A path with a dot is a page for a browser that goes there, and a file for everybody else.
    const isFile = /\.\w+$/.test(request.url.split('?')[0] ?? '') && request.headers['sec-fetch-mode'] !== 'navigate';
    const isPage = page !== undefined && !serverPath.test(request.url) && !isFile;
    if (isPage) return reply.header('content-type', 'text/html; charset=utf-8').send(page);
    const problem = JSON.stringify(problemOf('not_found', {}, request.id));
    return reply.status(404).header('content-type', 'application/problem+json; charset=utf-8').send(problem);
  });
}
