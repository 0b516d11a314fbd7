import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Finding } from '../../server/detection/domain/campaigns.js';
import { inTimeOrder } from '../../server/detection/domain/arrival.js';
import type { Risk } from '../../server/contracts/detection.js';
import { judge } from '../../server/detection/domain/judge.js';
import type { DetectionMemory } from '../../server/detection/domain/memory.js';
import type { Policy } from '../../server/detection/domain/policy.js';
import type { EncodedHabits } from '../../server/detection/domain/habits.js';
import type { Lesson } from '../../server/detection/keep-lessons.js';
import type { DrillMemory } from './drill-memory.js';
import { loadProfiles, type ProfileState, stateOf } from '../../server/detection/keep-profiles.js';
import type { Enrich } from '../../server/attempts/enrich/enrich.js';
import { type AcceptedAttempt, packAttempts } from '../../server/attempts/domain/packed-attempts.js';
import { attemptsIn, type InboxRow } from '../../server/attempts/inbox.js';
import type { Unscorable } from '../../server/attempts/quarantine.js';
import type { ScoredAttempt } from '../../server/attempts/settle-attempts.js';
import type { KnownApplications } from '../../server/applications/known-applications.js';
import type { MatchedPerson, MatchSubjects } from '../../server/people/match-subjects.js';
import type { DataSource } from 'typeorm';

/** Everything that one scoring transaction will write. */
export type ScoredBatch = {
  sequences: string[];
  scored: (ScoredAttempt & { person: MatchedPerson | null })[];
  findings: (Finding & { simulated: boolean })[];
  profiles: ProfileState[];
  habits: EncodedHabits | null;
  unscorable: Unscorable[];
  /** What was said about sign-ins, and whose profiles are empty for it. */
  lessons: Lesson[];
  emptied: string[];
  /** Sessions whose use after their end is among the findings. */
  revokedUses: string[];
  /** What sign-ins score in the light of what followed, and how far the audit log was read for it. */
  followed: { dedupKey: string; risk: Risk }[];
  auditRead: string | null;
};

export const emptyBatch = (sequences: string[]): ScoredBatch => ({
  sequences,
  scored: [],
  findings: [],
  profiles: [],
  habits: null,
  unscorable: [],
  lessons: [],
  emptied: [],
  revokedUses: [],
  followed: [],
  auditRead: null,
});

export type Tools = {
  database: DataSource;
  enrich: Enrich;
  subjects: MatchSubjects;
  applications: KnownApplications;
  memory: DetectionMemory;
  drills: DrillMemory;
  policy: Policy;
};

/** Attempts judged at a stretch: a few milliseconds' worth. */
const PIECE = 64;

/** Takes inbox rows through enrichment and judging. What can't be read or judged is set aside alone; the others go on. */
export async function prepareBatch(tools: Tools, rows: readonly InboxRow[]): Promise<ScoredBatch> {
  const batch = emptyBatch(rows.map((row) => row.sequence));
  const accepted = unpackRows(rows, batch.unscorable);
  const people = await tools.subjects.match(accepted.map(({ attempt }) => attempt));
  await tools.applications.refresh(accepted.map(({ attempt }) => attempt.applicationId));
  const enriched = accepted.map(({ attempt, sequence }, index) => {
    const drill = tools.applications.isDrill(attempt.applicationId);
    const person = drill ? null : (people[index] ?? null);
    return {
      attempt,
      sequence,
      person,
      enriched: drill ? tools.enrich.enrichDrill(attempt) : tools.enrich.enrich(attempt, person),
      memory: drill ? tools.drills.memoryOf(attempt.applicationId, tools.policy) : tools.memory,
    };
  });
  await loadProfiles(
    tools.database,
    tools.memory,
    enriched.filter(({ memory }) => memory === tools.memory).map((each) => each.enriched.subjectKey),
  );
  const ordered = inTimeOrder(enriched, (each) => each.enriched.occurredAt);
  for (const [index, { attempt, sequence, person, enriched: facts, memory }] of ordered.entries()) {
    // Whoever waits for a decision doesn't wait for a whole batch.
    if (index % PIECE === PIECE - 1) await nextTurn();
    const simulated = tools.applications.isSimulated(attempt.applicationId);
    try {
      const { risk, findings } = judge(facts, memory, tools.policy);
      batch.scored.push({ accepted: attempt, enriched: facts, risk, simulated, person });
      for (const finding of findings) batch.findings.push({ ...finding, simulated });
    } catch (error) {
      batch.unscorable.push({ sequence, payload: packAttempts([attempt]), error: String(error) });
    }
  }
  batch.profiles = tools.memory.profiles.takeDirty().map(stateOf);
  batch.habits = tools.memory.population.habits.takeChanged();
  return batch;
}

function unpackRows(
  rows: readonly InboxRow[],
  unscorable: Unscorable[],
): { attempt: AcceptedAttempt; sequence: string }[] {
  const attempts: { attempt: AcceptedAttempt; sequence: string }[] = [];
  for (const row of rows) {
    const { sequence, payload } = row;
    try {
      for (const attempt of attemptsIn(row)) attempts.push({ attempt, sequence });
    } catch (error) {
      unscorable.push({ sequence, payload, error: String(error) });
    }
  }
  return attempts;
}
