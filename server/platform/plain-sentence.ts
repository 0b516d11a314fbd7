import { errorCatalogue } from '../contracts/errors.js';
import { Refusal } from './errors.js';

/** Errors whose message is meant for people as it stands. */
const plainErrors = new Set(['Complaint', 'ConfigError', 'EmbeddedPostgresError', 'ShipError']);

/** What an error that a person can settle says to that person; nothing for one that is our own fault. */
export function plainSentence(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (plainErrors.has(error.name)) return error.message;
  if (error instanceof Refusal) return refusalSentence(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'The port is in use by another program. Stop it, or choose another one with PORT.';
  const trouble = code === undefined ? undefined : connectionTroubles[code];
  return trouble && `The database can't be reached: ${trouble}; check DATABASE_URL.`;
}

function refusalSentence({ code, info }: Refusal): string {
  const { title, next } = errorCatalogue[code];
  return info.detail ?? info.errors?.[0]?.message ?? `${title} ${next}`;
}

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
