import { z } from 'zod';
import { plainSentence } from './plain-sentence.js';

/** What a process tells the supervisor that started it. */
export const childMessage = z.discriminatedUnion('type', [
  /** The schema is up to date: the others may use the database. */
  z.object({ type: z.literal('migrated') }),
  /** It does its work from now on. */
  z.object({ type: z.literal('ready'), setUpLink: z.string().optional() }),
  /** It gives up, for a reason that a person can settle. */
  z.object({ type: z.literal('failed'), sentence: z.string() }),
]);
export type ChildMessage = z.infer<typeof childMessage>;

/** Says something to the process that started this one, if one did and is still there. */
export function tellParent(message: ChildMessage): void {
  if (process.send && process.connected) process.send(message);
}

/**
 * The end of a process that can't start: one sentence where a person can settle it, to the supervisor or to the terminal, or else
 * all that is known of the error.
 * @param name "server" or "worker"
 */
export function giveUp(name: string, error: unknown): void {
  const sentence = plainSentence(error);
  if (sentence !== undefined && process.send && process.connected) {
    // Open connections would keep the process alive; the sentence has to be on its way before it ends.
    process.send({ type: 'failed', sentence } satisfies ChildMessage, () => process.exit(1));
    return;
  }
  const known = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${sentence ?? `The ${name} could not start: ${known}`}\n`);
  process.exit(1);
}
