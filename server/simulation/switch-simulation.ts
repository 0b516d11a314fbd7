import type { DataSource } from 'typeorm';
import type { SimulationView } from '../contracts/operations.js';
import { type Actor, type AppendAudit } from '../audit/append-audit.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';

export type SimulationState = SimulationView['state'];

/** Which state may follow which; a worker carries out what `starting` and `removing` ask for. */
const next: Record<SimulationState, readonly SimulationState[]> = {
  off: ['starting'],
  starting: ['running', 'removing'],
  running: ['removing'],
  removing: ['off'],
};

/** Turns the simulated company on and off. The wish is stored; the worker that scores carries it out and survives restarts with it. */
export class SwitchSimulation {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  async read(): Promise<SimulationView> {
    const [row] = await this.database.query<
      { state: SimulationState; startedAt: Date | null; people: number; attempts: number }[]
    >(
      `SELECT simulation_state AS state, simulation_started_at AS "startedAt", (SELECT count(*)::int FROM people WHERE simulated) AS people,
         (SELECT coalesce(sum(h.attempts), 0)::int FROM attempt_hours h JOIN applications a ON a.id = h.application_id WHERE a.kind = 'simulated') AS attempts
       FROM installation`,
    );
    if (!row) throw new Error('The installation row is missing.');
    return { ...row, startedAt: row.startedAt?.toISOString() ?? null };
  }

  /** @throws Refusal `illegal_transition` while it is being removed */
  async start(by: Actor): Promise<SimulationView> {
    const { state } = await this.read();
    if (state === 'off') await this.move('off', 'starting', by);
    else if (state === 'removing')
      throw new Refusal('illegal_transition', { detail: 'The simulated company is being removed.' });
    return this.read();
  }

  async remove(by: Actor): Promise<SimulationView> {
    const { state } = await this.read();
    if (state === 'starting' || state === 'running') await this.move(state, 'removing', by);
    return this.read();
  }

  /** @throws Refusal `conflict` when somebody else moved it first */
  async move(from: SimulationState, to: SimulationState, by: Actor): Promise<void> {
    if (!next[from].includes(to)) throw new Refusal('illegal_transition');
    await this.database.transaction(async (tx) => {
      const [, moved] = await tx.query<[unknown, number]>(
        `UPDATE installation SET simulation_state = $2, simulation_started_at = CASE $2 WHEN 'starting' THEN now() WHEN 'off' THEN NULL ELSE simulation_started_at END
         WHERE simulation_state = $1`,
        [from, to],
      );
      if (moved !== 1) throw new Refusal('conflict');
      await this.audit.append(tx, {
        actor: by,
        action: `simulation.${to}`,
        target: { kind: 'installation', id: null },
      });
      await notify(tx, 'simulation_changed', {});
    });
  }
}
