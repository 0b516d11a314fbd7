import { z } from 'zod';

/** Largest page any list gives. */
export const PAGE_MAX = 200;

/** Query of every list: a signed cursor from the previous page, and how many rows. */
export const pageQuery = z.object({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
});

/** A page: `nextCursor` is null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export type Page<T> = { items: T[]; nextCursor: string | null };

/** An instant in ISO 8601 with zone, e.g. `2026-11-24T14:09:41.207Z`. */
export const instant = z.iso.datetime({ offset: true });
