import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { holdLane, type Lease, renewLane } from '../attempts/scoring-lane.js';
import { signInsOf } from '../attempts/sign-ins-of.js';
import { withConnection } from '../platform/database/data-source.js';
import type { Policy } from './domain/policy.js';
import { relearn } from './domain/relearn.js';
import { type ProfileState, readProfiles, removeProfiles, stateOf, storeProfiles } from './keep-profiles.js';

/** People of one transaction; each may mean reading 10,000 sign-ins. */
const PAGE = 100;

/** What making profiles anew has changed. */
export interface Rebuilt {
  people: number;
  /** As they were, to the last letter. */
  same: number;
  /** Made anew otherwise, or where none was. */
  changed: number;
  /** Of whom nothing is left that may be learnt. */
  removed: number;
}

/** Somebody else scores again: what was read may be old. */
export class LaneTaken extends Error {
  override readonly name = 'LaneTaken';
}

/**
 * Makes the profiles of all people anew from their stored sign-ins, by the rules by which they were learnt. The caller holds the
 * lane, so that nobody else writes profiles meanwhile.
 * @throws LaneTaken when the lane is somebody else's by now; whole pages are done or not
 */
export async function rebuildProfiles(database: DataSource, lease: Lease, policy: Policy): Promise<Rebuilt> {
  const rebuilt: Rebuilt = { people: 0, same: 0, changed: 0, removed: 0 };
  for (let after = ''; ;) {
    const people = await database.query<{ id: string }[]>(
      'SELECT id FROM people WHERE id::text > $1 ORDER BY id::text LIMIT $2',
      [after, PAGE],
    );
    await rebuildPage(
      database,
      lease,
      policy,
      people.map(({ id }) => id),
      rebuilt,
    );
    const last = people.at(-1);
    if (last === undefined || people.length < PAGE) return rebuilt;
    after = last.id;
  }
}

async function rebuildPage(
  database: DataSource,
  lease: Lease,
  policy: Policy,
  people: readonly string[],
  rebuilt: Rebuilt,
): Promise<void> {
  const before = await readProfiles(database, people);
  const states: ProfileState[] = [];
  const emptied: string[] = [];
  for (const subjectKey of people) {
    if (!(await renewLane(database, lease))) throw new LaneTaken();
    const profile = relearn(await signInsOf(database, subjectKey), policy);
    const state = profile && stateOf({ subjectKey, profile });
    rebuilt.people += 1;
    // A person without a profile who has none afterwards either is the same, too.
    if (state?.state === before.get(subjectKey)) rebuilt.same += 1;
    else if (state) states.push(state);
    else emptied.push(subjectKey);
  }
  rebuilt.changed += states.length;
  rebuilt.removed += emptied.length;
  await withConnection(database, (client) => write(client, lease, states, emptied));
}

async function write(
  client: PoolClient,
  lease: Lease,
  states: readonly ProfileState[],
  emptied: readonly string[],
): Promise<void> {
  await client.query('BEGIN');
  try {
    if (!(await holdLane(client, lease))) throw new LaneTaken();
    await storeProfiles(client, states);
    await removeProfiles(client, emptied);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
