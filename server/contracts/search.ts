import { z } from 'zod';

/**
 * What a search finds. `value` is what its page is called by: an id, an address, the number of a network. A session leads to its person, an
 * attempt to its address.
 */
export const foundKinds = [
  'person',
  'address',
  'range',
  'network',
  'alert',
  'incident',
  'session',
  'device',
  'application',
  'attempt',
] as const;
export const found = z.object({
  kind: z.enum(foundKinds),
  value: z.string(),
  label: z.string(),
  /** Beside the name, such as an e-mail address; null where there is nothing to say. */
  note: z.string().nullable(),
});
export type Found = z.infer<typeof found>;

export const searchQuery = z.object({ text: z.string().trim().min(1).max(320) });
/** The best match first. */
export const searchResult = z.object({ items: z.array(found) });
export type SearchResult = z.infer<typeof searchResult>;
