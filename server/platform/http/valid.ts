import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { Refusal } from '../errors.js';

/** Most field errors named in one answer. */
const ERRORS_MAX = 20;

/** Lets a value through only as the schema describes it; names each wrong field otherwise. */
export class Valid<T extends z.ZodType> implements PipeTransform<unknown, z.infer<T>> {
  constructor(readonly schema: T) {}

  /** @throws Refusal `invalid_request` */
  transform(value: unknown): z.infer<T> {
    const parsed = this.schema.safeParse(value ?? {});
    if (parsed.success) return parsed.data;
    const errors = parsed.error.issues
      .slice(0, ERRORS_MAX)
      .map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
    throw new Refusal('invalid_request', { errors });
  }
}
