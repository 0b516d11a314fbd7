import { ship, type ShipOptions } from '../connectors/ship/ship.js';
import { loadConfig } from '../platform/config.js';
import { abortOnSignal } from './abort-on-signal.js';
import { Complaint } from './complaint.js';
import type { Output } from './output.js';

export type ShipFlags = Omit<ShipOptions, 'key' | 'url'> & { key?: string; url?: string };

/** `gatehouse ship`: sends the sign-ins of a log. */
export async function shipLog(flags: ShipFlags, output: Output): Promise<void> {
  const key = flags.key ?? process.env['GATEHOUSE_KEY'];
  if (key === undefined) throw new Complaint('Give the application key with --key or in GATEHOUSE_KEY.');
  if (flags.year !== undefined && !Number.isInteger(flags.year))
    throw new Complaint('--year takes a year such as 2026.');
  const url = flags.url ?? loadConfig(process.env).publicUrl;
  const result = await ship({ ...flags, key, url }, { signal: abortOnSignal(), onNotice: output.say });
  output.answer(result, [
    `${result.lines} lines, ${result.attempts} sign-in attempts: ${result.recorded} recorded, ${result.duplicates} known before, ${result.rejected} rejected`,
  ]);
  // Standard input that is still open would keep the process alive.
  process.exit(0);
}
