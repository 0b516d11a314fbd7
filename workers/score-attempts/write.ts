import type { PoolClient } from 'pg';
import { keepFollowed } from '../../server/alerts/follow-sign-in.js';
import { settleOwnChanges } from '../../server/audit/own-changes.js';
import { type Raised, raiseAlerts } from '../../server/alerts/raise-alerts.js';
import { countAttempts } from '../../server/attempts/count-attempts.js';
import { removeFromInbox } from '../../server/attempts/inbox.js';
import { setAside } from '../../server/attempts/quarantine.js';
import { holdLane, LEASE_SECONDS, type Lease } from '../../server/attempts/scoring-lane.js';
import { placeSessions, storeAttempts } from '../../server/attempts/settle-attempts.js';
import { noteOutcomes } from '../../server/decisions/note-outcomes.js';
import { settleLessons } from '../../server/detection/keep-lessons.js';
import { removeProfiles, storeHabits, storeProfiles } from '../../server/detection/keep-profiles.js';
import { quarantineFinding } from './quarantine-alert.js';
import { settleRevokedUses } from '../../server/sessions/revoked-uses-waiting.js';
import type { ScoredBatch } from './prepare.js';

/** Somebody else scores by now: this worker's memory is worth nothing any more. */
export class LaneLost extends Error {
  override readonly name = 'LaneLost';
}

/** A holder that stands still in the middle would keep the lane locked; PostgreSQL ends its transaction after the time of a lease. */
const BEGIN = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = '${LEASE_SECONDS}s'`;

/**
 * The scoring transaction: attempts in final form, profiles, alerts with who is to be told of them, counts and the removal from the inbox, all or nothing.
 * @throws LaneLost when another worker holds the lane or took one of the rows
 */
export async function writeBatch(
  client: PoolClient,
  lease: Lease,
  batch: ScoredBatch,
  { ownApplicationId, tell }: { ownApplicationId: string; tell: (changed: Raised) => Promise<void> },
): Promise<Raised> {
  await client.query(BEGIN);
  try {
    if (!(await holdLane(client, lease))) throw new LaneLost();
    if ((await removeFromInbox(client, batch.sequences)) !== batch.sequences.length) throw new LaneLost();
    await storeAttempts(client, batch.scored);
    await storeProfiles(client, batch.profiles);
    await removeProfiles(client, batch.emptied);
    await settleLessons(client, batch.lessons);
    await storeHabits(client, batch.habits);
    await countAttempts(client, batch.scored);
    await placeSessions(client, batch.scored, ownApplicationId);
    await noteOutcomes(client, batch.scored);
    await settleRevokedUses(client, batch.revokedUses);
    await settleOwnChanges(client, batch.auditRead);
    await setAside(client, batch.unscorable);
    const findings = [...batch.findings, ...batch.unscorable.map((each) => quarantineFinding(each, ownApplicationId))];
    const raised = await raiseAlerts(client, findings);
    await keepFollowed(client, batch.followed);
    await tell(raised);
    await client.query('COMMIT');
    return raised;
  } catch (error) {
    // The first error is the one that tells; a failed rollback only means that the connection is gone, which has the same effect.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
