import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** What a Gatehouse in production would see of an attempt. Nothing else may reach anything that scores. */
export interface Observed {
  /** Seconds since 1970. */
  ts: number;
  /** Account, or `?…` for a name that nobody has. */
  user: string;
  ip: string;
  country: string;
  asn: string;
  ua: string;
  browser: string;
  os: string;
  device: string;
  success: boolean;
  mfa: string;
}

/** What only the maker of the stream knows: for measuring. */
export interface Truth {
  label: string;
  /** `kind#n` for attacks, a note for some honest oddities. */
  campaign: string;
  /** The simulated attacker of a hypothetical sign-in; empty for what really happened. */
  probe: string;
}

export interface StreamRow {
  observed: Observed;
  truth: Truth;
}

const REQUIRED = 'ts,user,ip,country,asn,ua,browser,os,device,success,label,campaign,mfa'.split(',');

/**
 * Reads a labelled stream row by row, gzipped or not; `probe` may be missing.
 * @throws Error that names the line when a column is missing or the rows are not in time order
 */
export async function* readStream(file: string): AsyncGenerator<StreamRow> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  // A pipe doesn't carry errors along.
  raw.on('error', (error) => input.destroy(error));
  let columns: Columns | undefined;
  let line = 0;
  let last = -Infinity;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    if (text === '') continue;
    const cells = text.split(',');
    if (columns === undefined) {
      columns = columnsOf(cells, file);
      continue;
    }
    const row = rowOf(cells, columns);
    if (!(row.observed.ts >= last)) throw new Error(`${file}, line ${line}: rows must be in time order.`);
    last = row.observed.ts;
    yield row;
  }
}

type Columns = ReadonlyMap<string, number>;

function columnsOf(head: readonly string[], file: string): Columns {
  const columns = new Map(head.map((name, index) => [name, index]));
  const missing = REQUIRED.filter((name) => !columns.has(name));
  if (missing.length > 0) throw new Error(`${file} has no column ${missing.join(', ')}.`);
  return columns;
}

function rowOf(cells: readonly string[], columns: Columns): StreamRow {
  const cell = (name: string): string => cells[columns.get(name) ?? -1] ?? '';
  return {
    observed: {
      ts: Number(cell('ts')),
      user: cell('user'),
      ip: cell('ip'),
      country: cell('country'),
      asn: cell('asn'),
      ua: cell('ua'),
      browser: cell('browser'),
      os: cell('os'),
      device: cell('device'),
      success: cell('success') === '1',
      mfa: cell('mfa'),
    },
    truth: { label: cell('label'), campaign: cell('campaign'), probe: cell('probe') },
  };
}
