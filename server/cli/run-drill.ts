import { setTimeout as wait } from 'node:timers/promises';
import { AppendAudit, cliActor } from '../audit/append-audit.js';
import type { DrillOutcome, DrillResult, DrillView } from '../contracts/drills.js';
import { AskDrill } from '../drills/ask-drill.js';
import { loadConfig } from '../platform/config.js';
import { abortOnSignal } from './abort-on-signal.js';
import { Complaint } from './complaint.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

/** How often it is asked how far the drill is, and how long a worker may take to begin, in milliseconds. */
const ASK_EVERY_MS = 300;
const BEGIN_MS = 30_000;

/** `gatehouse drill`: a worker of the Gatehouse that runs does the work; Ctrl-C cancels it. */
export async function runDrill(output: Output): Promise<void> {
  const config = loadConfig(process.env);
  const drill = await withDatabase(config, output.say, async (database) => {
    const drills = new AskDrill(database, new AppendAudit(config.keysFor('audit-chain')[0]));
    return follow(drills, await drills.ask(cliActor, null), output);
  });
  if (!drill.result) throw new Complaint(drill.failure ?? 'The drill was cancelled; what it left was removed.');
  output.answer(drill.result, tableOf(drill.result));
  if (drill.result.outcomes.some(({ caught }) => !caught)) process.exitCode = 1;
}

async function follow(drills: AskDrill, asked: DrillView, output: Output): Promise<DrillView> {
  const signal = abortOnSignal();
  const deadline = Date.now() + BEGIN_MS;
  let cancelled = false;
  let said = '';
  for (let drill = asked; ; drill = await drills.read(asked.id)) {
    if (drill.state !== 'waiting' && drill.state !== 'running') return drill;
    const late = drill.state === 'waiting' && Date.now() > deadline;
    if (!cancelled && (signal.aborted || late)) {
      cancelled = true;
      await drills.cancel(cliActor, drill.id, null);
      if (late) throw new Complaint('No worker took the drill: start Gatehouse first.');
    }
    const now = drill.stage === null ? 'waiting' : `${drill.stage}: ${drill.sent} of ${drill.total ?? '?'} attempts`;
    if (now !== said) output.say(now);
    said = now;
    await wait(ASK_EVERY_MS);
  }
}

function tableOf({ outcomes, falseAlerts, rows, attempts, left, policyVersion }: DrillResult): string[] {
  const caught = outcomes.filter((outcome) => outcome.caught).length;
  const remains = Object.entries(left).filter(([, count]) => count > 0);
  return [
    `${'attack'.padEnd(26)}${'caught'.padEnd(9)}${'after'.padEnd(14)}${'alert'.padEnd(10)}${'screen'.padEnd(10)}got`,
    ...outcomes.map(line),
    `${caught} of ${outcomes.length} caught, ${falseAlerts} alerts about honest sign-ins, policy version ${policyVersion}`,
    `${attempts} attempts; an attempt was on the screen after ${rows.medianMs ?? '–'} ms (median), ${rows.p95Ms ?? '–'} ms (95 %)`,
    remains.length === 0
      ? 'Nothing of it is left.'
      : `Left: ${remains.map(([what, count]) => `${count} ${what}`).join(', ')}.`,
  ];
}

function line({ attack, caught, attemptsUntil, attempts, storedMs, screenMs, got }: DrillOutcome): string {
  const after = attemptsUntil === null ? `– of ${attempts}` : `${attemptsUntil} of ${attempts}`;
  const cells = [storedMs, screenMs].map((ms) => (ms === null ? '–' : `${ms} ms`).padEnd(10)).join('');
  return `${attack.padEnd(26)}${(caught ? 'yes' : 'NO').padEnd(9)}${after.padEnd(14)}${cells}${got.join(', ') || '–'}`;
}
