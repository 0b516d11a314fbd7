import { SetMetadata } from '@nestjs/common';
import type { z } from 'zod';

export const BODIES = Symbol('bodies');
/** What a route takes, by media type. */
export type Bodies = Record<string, z.ZodType>;

/** Describes the body of a route that reads it by itself; of others the schema that checks it is the description. */
export const Takes = (bodies: Bodies): MethodDecorator => SetMetadata(BODIES, bodies);

export const ANSWER = Symbol('answer');
export type Answer = { schema: z.ZodType; description: string };

/** Says in one sentence what a route does, and what its answer looks like: the API's description is made from it. */
export const Answers = (description: string, schema: z.ZodType): MethodDecorator =>
  SetMetadata(ANSWER, { schema, description } satisfies Answer);
