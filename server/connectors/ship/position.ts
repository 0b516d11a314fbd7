import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { parserSnapshot } from '../sshd/parser.js';
import { fileMark } from './log-file.js';
import { isMissing, reasonOf, ShipError } from './options.js';

const position = z.object({
  version: z.literal(1),
  path: z.string(),
  file: fileMark,
  /** Everything before this byte is read, and every attempt in it is sent or waits in `parser`. */
  offset: z.number().int().min(0),
  parser: parserSnapshot,
});
/** Where to go on: file, place and the parser's memory belong together and are saved together. */
export type Position = z.infer<typeof position>;

/** Where the position of this log for this server is kept unless told otherwise. */
export function defaultStatePath(file: string, endpoint: URL): string {
  const base = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  const hash = createHash('sha256')
    .update(`${resolve(file)}\n${endpoint.href}`)
    .digest('hex');
  return join(base, 'gatehouse', `ship-${hash.slice(0, 16)}.json`);
}

/** The saved position; null when there is none. */
export async function loadPosition(path: string): Promise<Position | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw new ShipError(`The saved position ${path} can't be read: ${reasonOf(error)}.`);
  }
  const parsed = position.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  // Guessing would skip or repeat lines; the person decides which.
  throw new ShipError(
    `The saved position ${path} is damaged: remove it, then use --from-start to send the whole log again (nothing is counted twice).`,
  );
}

/** Replaces the saved position; a crash at any moment leaves the old or the new one whole. */
export async function savePosition(path: string, value: Position): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(value));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    throw new ShipError(`The position can't be saved in ${path}: ${reasonOf(error)}.`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
