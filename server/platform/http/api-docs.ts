import type { FastifyInstance } from 'fastify';
import { accessOf, openApiOf } from './openapi.js';
import type { Route } from './routes.js';

/** Serves the description of the API, for programs and for people. Public, as it is in the source anyway. */
export function serveApiDocs(server: FastifyInstance, routes: readonly Route[], publicUrl: string): void {
  const document = JSON.stringify(openApiOf(routes, publicUrl));
  const page = pageOf(routes);
  server.get('/api/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(document),
  );
  server.get('/api/docs', (_request, reply) => reply.header('content-type', 'text/html; charset=utf-8').send(page));
}

/** A plain page, without script or style, so that our own content policy holds for it too. */
function pageOf(routes: readonly Route[]): string {
  const sorted = [...routes].sort((a, b) => (a.path < b.path ? -1 : 1));
  const rows = sorted.map(
    (route) =>
      `<tr><td><code>${route.method.toUpperCase()}</code></td><td><code>${escape(route.path)}</code></td><td>${escape(route.answer?.description ?? '')}</td><td>${escape(accessOf(route.access))}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Gatehouse API</title></head><body><h1>Gatehouse API</h1>
<p>The machine-readable description is <a href="/api/openapi.json">OpenAPI 3.1</a>; open it in any OpenAPI viewer.</p>
<table><thead><tr><th align="left">Method</th><th align="left">Path</th><th align="left">What it does</th><th align="left">Who may</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></body></html>`;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
