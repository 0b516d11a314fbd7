import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { DetectionMemory } from './domain/memory.js';
import { decodeProfile, type EncodedProfile, encodeProfile } from './domain/profile.js';
import type { DirtyProfile } from './domain/profile-store.js';

/** Puts the profiles of these subjects into memory, those that are not there yet, with one query. */
export async function loadProfiles(
  database: DataSource,
  memory: DetectionMemory,
  subjectKeys: Iterable<string>,
): Promise<void> {
  const missing = [...new Set(subjectKeys)].filter((key) => !memory.profiles.has(key));
  if (missing.length === 0) return;
  const rows = await database.query<{ subject_key: string; state: EncodedProfile }[]>(
    'SELECT subject_key, state FROM profiles WHERE subject_key = ANY($1)',
    [missing],
  );
  const stored = new Map(rows.map((row) => [row.subject_key, row.state]));
  for (const key of missing) {
    const state = stored.get(key);
    memory.profiles.put(key, state ? (decodeProfile(state) ?? null) : null);
  }
}

/** Stores changed profiles in the scoring transaction. Sorted, so that rows are always locked in one order. */
export async function storeProfiles(client: PoolClient, dirty: readonly DirtyProfile[]): Promise<void> {
  if (dirty.length === 0) return;
  const sorted = [...dirty].sort((a, b) => (a.subjectKey < b.subjectKey ? -1 : 1));
  await client.query({
    name: 'store-profiles',
    text: `INSERT INTO profiles (subject_key, state) SELECT * FROM unnest($1::text[], $2::jsonb[])
      ON CONFLICT (subject_key) DO UPDATE SET state = excluded.state, updated_at = now()`,
    values: [sorted.map((each) => each.subjectKey), sorted.map((each) => JSON.stringify(encodeProfile(each.profile)))],
  });
}

/** Profiles read at a time when a worker starts. */
const PROFILES_PAGE = 5_000;

/** Tells a new memory how common networks and countries are among everybody, from the stored profiles. */
export async function recallPopulation(database: DataSource, memory: DetectionMemory): Promise<void> {
  for (let after = ''; ;) {
    const rows = await database.query<{ subject_key: string; state: EncodedProfile }[]>(
      'SELECT subject_key, state FROM profiles WHERE subject_key > $1 ORDER BY subject_key LIMIT $2',
      [after, PROFILES_PAGE],
    );
    for (const { state } of rows) {
      const profile = decodeProfile(state);
      if (profile) memory.population.addProfile(profile);
    }
    const last = rows.at(-1);
    if (!last || rows.length < PROFILES_PAGE) return;
    after = last.subject_key;
  }
}
