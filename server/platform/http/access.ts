import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../contracts/applications.js';
import type { Confinement } from '../../contracts/authentication.js';
import type { Role } from '../../contracts/people.js';

/** Who may call a route. Every route must carry one of these; without it the route is closed and the server doesn't start. */
export type AccessRule =
  | { kind: 'public' }
  /** A sign-in that still lacks a factor, and nothing else. */
  | { kind: 'sign_in' }
  /**
   * Anyone signed in, or only the roles named. `scope` also lets application keys in that carry it. `fresh` asks people for a recent
   * proof of the strongest factor they have. `within` lets sessions in that may do only this until it is done, `whileLocked` those that are locked.
   */
  | {
      kind: 'person';
      roles?: readonly Role[];
      scope?: Scope;
      fresh?: true;
      within?: readonly Confinement[];
      whileLocked?: true;
    }
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
  /** Address of this request. */
  ip: string;
  confinedTo: Confinement | null;
  /** True only on routes that let locked sessions in. */
  locked: boolean;
};
/** An application's request, through a checked key. */
export type KeyCaller = {
  kind: 'key';
  keyId: string;
  applicationId: string;
  applicationName: string;
  applicationKind: string;
  scopes: readonly Scope[];
  /** Address of this request. */
  ip: string;
};
export type CallerIdentity = PersonCaller | KeyCaller;
/** Somebody whose password was right and who has not shown the second factor yet. */
export type SignInCaller = {
  signInId: string;
  personId: string;
  expiresAt: Date;
  shared: boolean;
  /** What was decided about it before, and learns its outcome. */
  assessmentId: string | null;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard only, after it checked session or key against the database. */
    caller?: CallerIdentity;
    /** The same for routes of a sign-in under way. */
    signIn?: SignInCaller;
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

/** The checked sign-in under way; only on routes of the kind `sign_in`. */
export const SigningIn = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { signIn } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!signIn) throw new Error('A handler asked for a sign-in on a route that is not part of one.');
  return signIn;
});
