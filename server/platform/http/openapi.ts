import { z } from 'zod';
import { problem } from '../../contracts/errors.js';
import { version } from '../version.js';
import type { AccessRule } from './access.js';
import type { Bodies } from './answers.js';
import type { Route } from './routes.js';

type Json = Record<string, unknown>;

/** The API as OpenAPI 3.1, made from the routes and schemas that serve it, so that it can't say anything else than they do. */
export function openApiOf(routes: readonly Route[], publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gatehouse',
      version,
      description:
        'Lists answer `{ items, nextCursor }`. Errors are RFC 9457 problems with a stable `code` and the next step in `next`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problem) },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-sid', description: 'Set by signing in; browsers only.' },
        signIn: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-sign-in',
          description: 'Set by a right password where a second factor is still asked; good for that step only.',
        },
        key: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'gh_live_…',
          description: 'An application key, made in Settings › Applications.',
        },
      },
    },
  };
}

function operation(route: Route): Json {
  return {
    operationId: route.name.replace('Controller', ''),
    ...(route.answer ? { summary: route.answer.description } : {}),
    description: accessOf(route.access),
    security: securityOf(route.access),
    ...rolesOf(route.access),
    parameters: [
      ...route.params.map(({ name, schema }) => ({ in: 'path', name, required: true, schema: schemaOf(schema) })),
      ...queryOf(route.query),
    ],
    ...(route.bodies ? { requestBody: { required: true, content: contentOf(route.bodies) } } : {}),
    responses: {
      [route.status]: {
        description: 'Done.',
        ...(route.answer ? { content: { 'application/json': { schema: schemaOf(route.answer.schema) } } } : {}),
      },
      default: {
        description: 'Not done.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

const contentOf = (bodies: Bodies): Json =>
  Object.fromEntries(Object.entries(bodies).map(([type, schema]) => [type, { schema: schemaOf(schema) }]));

/** Query fields one by one, as OpenAPI wants them. */
function queryOf(query: z.ZodType | undefined): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    in: 'query',
    name,
    required: required.includes(name),
    schema,
  }));
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  return rest;
}

function securityOf(access: AccessRule | undefined): Json[] {
  if (!access || access.kind === 'public') return [];
  if (access.kind === 'sign_in') return [{ signIn: [] }];
  if (access.kind === 'key') return [{ key: [access.scope] }];
  return [{ session: [] }, ...(access.scope ? [{ key: [access.scope] }] : [])];
}

/** The roles that may call, for programs; absent where any will do. */
function rolesOf(access: AccessRule | undefined): Json {
  return access?.kind === 'person' && access.roles ? { 'x-roles': access.roles } : {};
}

/** Who may call, in words. */
export function accessOf(access: AccessRule | undefined): string {
  if (!access || access.kind === 'public') return 'Open to anyone.';
  if (access.kind === 'sign_in') return 'Needs a sign-in that lacks a factor.';
  if (access.kind === 'key') return `Needs an application key with the scope \`${access.scope}\`.`;
  const roles = access.roles ? `Needs one of the roles ${access.roles.join(', ')}` : 'Needs a session';
  const open = access.whileLocked ? `${roles}, which may be locked` : roles;
  const people = access.fresh ? `${open}, and a recent proof of the strongest factor` : open;
  return access.scope ? `${people}, or an application key with the scope \`${access.scope}\`.` : `${people}.`;
}
