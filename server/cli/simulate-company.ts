import { AppendAudit } from '../audit/append-audit.js';
import { loadConfig } from '../platform/config.js';
import { CompanyRecords } from '../simulation/company-records.js';
import { drillKinds, isDrillKind, simulate, type SimulateOptions } from '../simulation/simulate.js';
import { abortOnSignal } from './abort-on-signal.js';
import { Complaint } from './complaint.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

export type SimulateFlags = Omit<SimulateOptions, 'url' | 'drill'> & { url?: string; drill?: string };

/** `gatehouse simulate`: a company that signs in through the public API until Ctrl-C. */
export async function simulateCompany({ drill, url, ...flags }: SimulateFlags, output: Output): Promise<void> {
  const config = loadConfig(process.env);
  if (drill !== undefined && !isDrillKind(drill)) throw new Complaint(`A drill is one of ${drillKinds.join(', ')}.`);
  const options: SimulateOptions = {
    ...flags,
    url: url ?? config.publicUrl,
    ...(drill === undefined ? {} : { drill }),
  };
  let phase = '';
  const result = await withDatabase(config, output.say, (database) =>
    simulate(options, {
      company: new CompanyRecords(database, new AppendAudit(config.keysFor('audit-chain')[0])),
      signal: abortOnSignal(),
      onProgress: (progress) => {
        const now = `${progress.phase} ${Math.round(progress.done * 10) * 10} %`;
        if (now !== phase) output.say(`${now}: ${progress.recorded} attempts`);
        phase = now;
      },
    }),
  );
  output.answer(result, [
    'removed' in result ? `Removed ${result.removed.attempts} attempts of ${result.removed.people} people.` : 'Done.',
  ]);
}
