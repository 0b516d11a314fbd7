import { verifyChain } from '../audit/verify-chain.js';
import { loadConfig } from '../platform/config.js';
import { Complaint } from './complaint.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

/** `gatehouse audit verify`: recomputes the audit chain; ends with code 1 when an entry does not fit, or when some are missing. */
export async function verifyAudit(atLeast: number, output: Output): Promise<void> {
  if (!Number.isInteger(atLeast) || atLeast < 0) throw new Complaint('--at-least takes a number of entries.');
  const config = loadConfig(process.env);
  const check = await withDatabase(config, output.say, (database) =>
    verifyChain(database, config.keysFor('audit-chain')),
  );
  const isWhole = check.brokenAt === null && check.entries >= atLeast;
  output.answer({ ...check, isWhole }, [sentence(check.entries, check.brokenAt, atLeast)]);
  if (!isWhole) process.exitCode = 1;
}

function sentence(entries: number, brokenAt: number | null, atLeast: number): string {
  if (brokenAt === 1)
    return 'Entry 1 does not fit: it was changed or removed, or this command does not have the secret of the installation.';
  if (brokenAt !== null)
    return `Entry ${brokenAt} does not fit: it was changed, removed or put in later. The ${entries} before it are as they were written.`;
  if (entries < atLeast) return `There are ${entries} entries, ${atLeast - entries} fewer than there must be.`;
  return `All ${entries} entries are as they were written.`;
}
