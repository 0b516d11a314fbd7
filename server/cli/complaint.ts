import { errorCatalogue } from '../contracts/errors.js';
import { Refusal } from '../platform/errors.js';

/** Something the person at the terminal has to settle; the message is one plain sentence. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}

/** Errors whose message is meant for people as it stands. */
const plainErrors = new Set(['Complaint', 'ConfigError', 'EmbeddedPostgresError', 'ShipError']);

/** One sentence for any error; what went wrong inside is told only to those who ask with LOG_LEVEL=debug. */
export function sentenceFor(error: unknown): string {
  if (!(error instanceof Error)) return `Something unexpected happened: ${String(error)}`;
  if (process.env['LOG_LEVEL'] === 'debug' || process.env['LOG_LEVEL'] === 'trace') return error.stack ?? error.message;
  if (plainErrors.has(error.name)) return error.message;
  if (error instanceof Refusal) return refusalSentence(error);
  return (
    connectionSentence(error) ?? `Something unexpected happened: ${firstLine(error)} (LOG_LEVEL=debug tells more).`
  );
}

function refusalSentence({ code, info }: Refusal): string {
  const { title, next } = errorCatalogue[code];
  return info.detail ?? info.errors?.[0]?.message ?? `${title} ${next}`;
}

const firstLine = (error: Error): string => (error.message || error.name).split('\n')[0] ?? error.name;

/** What a database that can't be reached looks like from here. */
const connectionTroubles: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name could not be looked up',
  ETIMEDOUT: 'it does not answer',
  '28P01': 'it refuses the password',
  '28000': 'it refuses this user',
  '3D000': 'it has no database of that name',
};

function connectionSentence(error: Error): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  const trouble = code === undefined ? undefined : connectionTroubles[code];
  return trouble && `The database can't be reached: ${trouble}; check DATABASE_URL.`;
}
