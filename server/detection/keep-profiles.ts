import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { DetectionMemory } from './domain/memory.js';
import { decodeProfile, type EncodedProfile, encodeProfile } from './domain/profile.js';
import type { EncodedHabits } from './domain/habits.js';
import type { DirtyProfile } from './domain/profile-store.js';

type StoredProfile = { subject_key: string; state: string };

/** Puts the profiles of these subjects into memory, those that are not there yet, with one query. */
export async function loadProfiles(
  database: DataSource,
  memory: DetectionMemory,
  subjectKeys: Iterable<string>,
): Promise<void> {
  const missing = [...new Set(subjectKeys)].filter((key) => !memory.profiles.has(key));
  if (missing.length === 0) return;
  const stored = await readProfiles(database, missing);
  for (const key of missing) {
    // Somebody else may have loaded it meanwhile, and even changed it.
    if (memory.profiles.has(key)) continue;
    const state = stored.get(key);
    memory.profiles.put(key, state ? (decodeProfile(JSON.parse(state) as EncodedProfile) ?? null) : null);
  }
}

/** Stored profiles as they stand, by subject. */
export async function readProfiles(database: DataSource, subjectKeys: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.query<StoredProfile[]>(
    'SELECT subject_key, state FROM profiles WHERE subject_key = ANY($1)',
    [subjectKeys],
  );
  return new Map(rows.map((row) => [row.subject_key, row.state]));
}

/** A profile in the form in which it is stored. */
export type ProfileState = { subjectKey: string; state: string };

/**
 * The state of a profile at this moment. A batch takes it when it has been judged: by the time it is written, the next one is
 * teaching the same profile, and after a crash would teach it again.
 */
export const stateOf = ({ subjectKey, profile }: DirtyProfile): ProfileState => ({
  subjectKey,
  state: JSON.stringify(encodeProfile(profile)),
});

/**
 * Stores changed profiles in the scoring transaction. Nearly all are there already, and changing them alone costs two thirds of
 * an upsert. Sorted, so that rows are always locked in one order.
 */
export async function storeProfiles(client: PoolClient, profiles: readonly ProfileState[]): Promise<void> {
  if (profiles.length === 0) return;
  const sorted = [...profiles].sort((a, b) => (a.subjectKey < b.subjectKey ? -1 : 1));
  const values = [
    sorted.map((each) => each.subjectKey),
    // One text of all states, as JSON never holds a line break: quoting each as an array's element costs more than making it.
    sorted.map((each) => each.state).join('\n'),
  ];
  const given = `unnest($1::text[], string_to_array($2, E'\\n')) AS given (key, state)`;
  const { rowCount } = await client.query({
    name: 'change-profiles',
    text: `UPDATE profiles SET state = given.state, updated_at = now() FROM ${given} WHERE subject_key = given.key`,
    values,
  });
  if (rowCount === sorted.length) return;
  await client.query({
    name: 'add-profiles',
    text: `INSERT INTO profiles (subject_key, state) SELECT key, state FROM ${given} ON CONFLICT DO NOTHING`,
    values,
  });
}

/** Takes away profiles of whom nothing is left that may be learnt. */
export async function removeProfiles(client: PoolClient, subjectKeys: readonly string[]): Promise<void> {
  if (subjectKeys.length > 0) await client.query('DELETE FROM profiles WHERE subject_key = ANY($1)', [subjectKeys]);
}

/** Stores what is usual for everybody, in the same transaction as the profiles it was learnt with. */
export async function storeHabits(client: PoolClient, habits: EncodedHabits | null): Promise<void> {
  if (habits === null) return;
  await client.query({
    name: 'store-habits',
    text: `INSERT INTO population_habits (singleton, state) VALUES (true, $1) ON CONFLICT (singleton) DO UPDATE SET state = excluded.state`,
    values: [JSON.stringify(habits)],
  });
}

/** Profiles read at a time when a worker starts. */
const PROFILES_PAGE = 5_000;

/** Tells a new memory what is usual for everybody: habits as they were stored, the rest from the stored profiles. */
export async function recallPopulation(database: DataSource, memory: DetectionMemory): Promise<void> {
  const [habits] = await database.query<{ state: string }[]>('SELECT state FROM population_habits');
  if (habits) memory.population.habits.restore(JSON.parse(habits.state) as EncodedHabits);
  for (let after = ''; ;) {
    const rows = await database.query<StoredProfile[]>(
      'SELECT subject_key, state FROM profiles WHERE subject_key > $1 ORDER BY subject_key LIMIT $2',
      [after, PROFILES_PAGE],
    );
    for (const { state } of rows) {
      const profile = decodeProfile(JSON.parse(state) as EncodedProfile);
      if (profile) memory.population.addProfile(profile);
    }
    const last = rows.at(-1);
    if (!last || rows.length < PROFILES_PAGE) return;
    after = last.subject_key;
  }
}
