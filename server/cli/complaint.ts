import { plainSentence } from '../platform/plain-sentence.js';

/** Something the person at the terminal has to settle; the message is one plain sentence. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}

/** One sentence for any error; what went wrong inside is told only to those who ask with LOG_LEVEL=debug. */
export function sentenceFor(error: unknown): string {
  if (!(error instanceof Error)) return `Something unexpected happened: ${String(error)}`;
  if (process.env['LOG_LEVEL'] === 'debug' || process.env['LOG_LEVEL'] === 'trace') return error.stack ?? error.message;
  return plainSentence(error) ?? `Something unexpected happened: ${firstLine(error)} (LOG_LEVEL=debug tells more).`;
}

const firstLine = (error: Error): string => (error.message || error.name).split('\n')[0] ?? error.name;
