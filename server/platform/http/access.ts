import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../contracts/applications.js';
import type { Role } from '../../contracts/people.js';

/** Who may call a route. Every route must carry one of these; without it the route is closed and the server doesn't start. */
export type AccessRule =
  | { kind: 'public' }
  /** Anyone signed in, or only the roles named. `scope` also lets application keys in that carry it. */
  | { kind: 'person'; roles?: readonly Role[]; scope?: Scope }
  /** Application keys only. */
  | { kind: 'key'; scope: Scope };

export const ACCESS_RULE = Symbol('access rule');
export const Access = (rule: AccessRule): MethodDecorator => SetMetadata(ACCESS_RULE, rule);

/** A person's request, through a checked session. */
export type PersonCaller = {
  kind: 'person';
  personId: string;
  name: string;
  email: string;
  role: Role;
  sessionId: string;
};
/** An application's request, through a checked key. */
export type KeyCaller = {
  kind: 'key';
  keyId: string;
  applicationId: string;
  applicationName: string;
  applicationKind: string;
  scopes: readonly Scope[];
};
export type CallerIdentity = PersonCaller | KeyCaller;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard only, after it checked session or key against the database. */
    caller?: CallerIdentity;
  }
}

const callerOf = (context: ExecutionContext): CallerIdentity => {
  const caller = context.switchToHttp().getRequest<FastifyRequest>().caller;
  if (!caller) throw new Error('A handler asked for its caller on a route that lets anyone in.');
  return caller;
};

/** The checked caller of this request, whichever kind. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context));

/** The checked person; only on routes without a key scope. */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const caller = callerOf(context);
  if (caller.kind !== 'person') throw new Error('A handler for people was reached with an application key.');
  return caller;
});

/** The checked application key; only on routes for keys alone. */
export const WithKey = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const caller = callerOf(context);
  if (caller.kind !== 'key') throw new Error('A handler for application keys was reached by a person.');
  return caller;
});
