import type { DrillKind } from './domain/drills.js';
import { Simulation, USUAL_HISTORY_DAYS, USUAL_SEED, type Progress, type SimulationOptions } from './run-simulation.js';
import { removeCompany, startCompany, type CompanyPort, type RemovedCompany } from './simulated-company.js';

export { drillKinds, isDrillKind, type DrillKind } from './domain/drills.js';
export type { Progress } from './run-simulation.js';
export type { CompanyPort, RemovedCompany } from './simulated-company.js';

export type SimulateOptions = {
  url: string;
  /** Only this attack: once, or again and again over the live company without the others. */
  drill?: DrillKind;
  /** Stop after the history (or after the one attack) instead of going live. */
  once?: boolean;
  /** Days of history; 30 unless an attack is all that is wanted, then none. */
  days?: number;
  seed?: number;
  /** Take everything away instead. */
  remove?: boolean;
};

export type SimulateDeps = Pick<SimulationOptions, 'signal' | 'fetch' | 'clock' | 'sleep' | 'onProgress'> & {
  company: CompanyPort;
};

export type SimulateResult = { removed: RemovedCompany } | { sent: Progress | null };

/** The whole of `gatehouse simulate`, and of the button on the first-run page. Resolves when done or aborted. */
export async function simulate(options: SimulateOptions, deps: SimulateDeps): Promise<SimulateResult> {
  if (options.remove) return { removed: await removeCompany(deps.company) };
  const { company, onProgress, ...running } = deps;
  const open = await startCompany(company);
  let sent: Progress | null = null;
  try {
    const simulation = new Simulation({
      ...running,
      url: options.url,
      applications: open.applications,
      peopleKey: open.peopleKey,
      seed: options.seed ?? USUAL_SEED,
      historyDays: options.days ?? (options.drill ? 0 : USUAL_HISTORY_DAYS),
      ...(options.drill && { drills: [options.drill] }),
      onProgress: (progress) => {
        sent = progress;
        onProgress?.(progress);
      },
    });
    if (options.drill && options.once) await simulation.runDrill(options.drill);
    else if (options.once) await simulation.runHistory();
    else await simulation.run();
  } finally {
    await open.close();
  }
  return { sent };
}
