import { type INestApplicationContext, type PipeTransform, RequestMethod, type Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { z } from 'zod';
import { ACCESS_RULE, type AccessRule } from './access.js';
import { type Answer, ANSWER, type Bodies, BODIES } from './answers.js';
import { Valid } from './valid.js';

/** A route as its decorators declare it. */
export type Route = {
  /** `SessionsController.revoke`, for messages. */
  name: string;
  method: 'get' | 'post' | 'patch' | 'delete';
  /** With parameters in OpenAPI's form: `/api/v1/sessions/{id}/revoke`. */
  path: string;
  access: AccessRule | undefined;
  answer: Answer | undefined;
  status: number;
  bodies: Bodies | undefined;
  query: z.ZodType | undefined;
  params: readonly { name: string; schema: z.ZodType }[];
};

type Argument = { data?: string; pipes: (PipeTransform | Type<PipeTransform>)[] };
/** Kinds of handler arguments in Nest's metadata (its enum RouteParamtypes is not exported). */
const [BODY, QUERY, PARAM] = [3, 4, 5];

type Handler = (...args: unknown[]) => unknown;

/** Every route of the application, read from the code that serves it. */
export function listRoutes(application: INestApplicationContext): Route[] {
  const scanner = new MetadataScanner();
  const reflector = application.get(Reflector);
  return application
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ instance, metatype }) => {
      if (!metatype) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, Handler>;
      const base = reflector.get<string>(PATH_METADATA, metatype);
      return scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        const path = handler && reflector.get<string | undefined>(PATH_METADATA, handler);
        return path === undefined
          ? []
          : [describe(reflector, metatype as Type, name, handler as Handler, `${base}/${path}`)];
      });
    });
}

/** @throws Error naming each route without an access rule: the server must not start with one */
export function requireAccessRules(routes: readonly Route[]): void {
  const open = routes.filter((route) => route.access === undefined).map((route) => route.name);
  if (open.length > 0) throw new Error(`Routes without an access rule: ${open.join(', ')}.`);
}

function describe(reflector: Reflector, controller: Type, name: string, handler: Handler, path: string): Route {
  const args = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) as Record<string, Argument> | undefined;
  const schemas = Object.entries(args ?? {}).flatMap(([key, argument]) => {
    const pipe = argument.pipes.find((each) => each instanceof Valid);
    return pipe
      ? [
          {
            type: Number(key.split(':', 1)[0]),
            name: argument.data ?? '',
            schema: pipe.schema as z.ZodType,
          },
        ]
      : [];
  });
  const body = schemas.find(({ type }) => type === BODY)?.schema;
  const method = RequestMethod[reflector.get<RequestMethod>(METHOD_METADATA, handler)].toLowerCase() as Route['method'];
  return {
    name: `${controller.name}.${name}`,
    method,
    path: `/${path}`
      .replace(/\/+/g, '/')
      .replace(/\/$/, '')
      .replace(/:(\w+)/g, '{$1}'),
    access: reflector.get<AccessRule | undefined>(ACCESS_RULE, handler),
    answer: reflector.get<Answer | undefined>(ANSWER, handler),
    status: reflector.get<number | undefined>(HTTP_CODE_METADATA, handler) ?? (method === 'post' ? 201 : 200),
    bodies: reflector.get<Bodies | undefined>(BODIES, handler) ?? (body && { 'application/json': body }),
    query: schemas.find(({ type }) => type === QUERY)?.schema,
    params: schemas.filter(({ type }) => type === PARAM),
  };
}
