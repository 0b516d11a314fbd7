/** The embedded PostgreSQL can't be used; the message is one sentence that says what to do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** What PostgreSQL and the kernel say when something outside is wrong, and how to put it to a person. */
const explanations: [RegExp, (folder: string) => string][] = [
  [
    /No space left on device|Check free disk space|ENOSPC/i,
    (folder) => `The disk that holds ${folder} is full: free some space, then start again.`,
  ],
  [
    /Disk quota exceeded|EDQUOT/i,
    (folder) => `The disk quota for ${folder} is used up: free some space, then start again.`,
  ],
  [
    /Read-only file system|EROFS/i,
    (folder) => `${folder} is on a read-only file system: set GATEHOUSE_DATA_DIR to a folder that can be written.`,
  ],
  [
    /user does not exist|could not look up effective user/i,
    () =>
      `This user has no entry in the system's list of users, which PostgreSQL insists on: start as a named user, or set DATABASE_URL.`,
  ],
  [
    /error while loading shared libraries|GLIBC|Exec format error|ENOEXEC/i,
    () =>
      `The bundled PostgreSQL does not run on this system (it needs glibc): set DATABASE_URL to a PostgreSQL of your own.`,
  ],
  [
    /could not map anonymous shared memory|Cannot allocate memory/i,
    () => `There is not enough free memory for the database (it needs about 200 MB).`,
  ],
  [
    /Permission denied|EACCES|EPERM|Operation not permitted/i,
    (folder) =>
      `${folder} can't be written by this user: make it writable or set GATEHOUSE_DATA_DIR to another folder.`,
  ],
  [
    /ENOTDIR|Not a directory|EEXIST/i,
    (folder) => `${folder} is in the way of the database folder: set GATEHOUSE_DATA_DIR to a folder.`,
  ],
];

/**
 * Puts the output of a failed program, or a file system error, into one sentence.
 * @param action what failed, as in "The database could not be created"
 * @param cause output of the program or message of the error
 * @param folder the folder the person knows, for the message
 */
export function explain(action: string, cause: string, folder: string): EmbeddedPostgresError {
  const known = explanations.find(([pattern]) => pattern.test(cause));
  if (known) return new EmbeddedPostgresError(known[1](folder));
  const telling = cause.split('\n').filter((line) => /FATAL|PANIC|error/i.test(line));
  const detail = (telling.at(-1) ?? cause.trim().split('\n').at(-1) ?? '').trim();
  return new EmbeddedPostgresError(`${action}: ${detail === '' ? 'no reason was given' : detail}`);
}
