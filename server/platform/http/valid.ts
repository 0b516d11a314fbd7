import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { Refusal } from '../errors.js';

/** Most field errors named in one answer. */
const ERRORS_MAX = 20;

/** Lets a value through only as the schema describes it; names each wrong field otherwise. */
export class Valid<T extends z.ZodType> implements PipeTransform<unknown, z.infer<T>> {
  constructor(readonly schema: T) {}

  /** @throws Refusal `invalid_request`; `not_found` for a part of the path, as nothing can be there */
  transform(value: unknown, { type }: Pick<ArgumentMetadata, 'type'>): z.infer<T> {
    if (type === 'param' && !this.schema.safeParse(value).success) throw new Refusal('not_found');
    if (holdsNul(value))
      throw new Refusal('invalid_request', { detail: 'A text holds the character NUL, which none may.' });
    const parsed = this.schema.safeParse(value ?? {});
    if (parsed.success) return parsed.data;
    const errors = parsed.error.issues
      .slice(0, ERRORS_MAX)
      .map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
    throw new Refusal('invalid_request', { errors });
  }
}

/** PostgreSQL can store no NUL, and no name, note or search that a person means has one. Without recursion: nesting is up to the sender. */
function holdsNul(value: unknown): boolean {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string' && next.includes('\0')) return true;
    if (typeof next === 'object' && next !== null)
      left.push(...Object.keys(next), ...(Object.values(next) as unknown[]));
  }
  return false;
}
