import { randomUUID } from 'node:crypto';
import type { Role } from '../../server/contracts/people.js';
import { createSession } from '../../server/sessions/create-session.js';
import { ApiClient, type Gatehouse } from './gatehouse.js';

/** A person without a password, in a role. @returns the id */
export async function addPerson(gatehouse: Gatehouse, role: Role, name: string = role): Promise<string> {
  const id = randomUUID();
  await gatehouse.database.query('INSERT INTO people (id, name, email, role) VALUES ($1, $2, $3, $4)', [
    id,
    name,
    `${name}@example.com`,
    role,
  ]);
  return id;
}

/** A browser with a session opened the way the end of sign-in does, without the hash, which takes its time on purpose. */
export async function browserOf(
  gatehouse: Gatehouse,
  { aal = 1, ...person }: { id: string; role: Role; aal?: 1 | 2 },
  url = gatehouse.urls[0]!,
): Promise<ApiClient & { sessionId: string }> {
  const { token, sessionId } = await gatehouse.database.transaction(async (tx) => {
    const [row] = await tx.query<{ changedAt: Date | null }[]>(
      'SELECT password_changed_at AS "changedAt" FROM people WHERE id = $1',
      [person.id],
    );
    return createSession(tx, {
      person: { ...person, passwordChangedAt: row?.changedAt ?? null },
      assurance: { aal, amr: ['pwd'], proofs: ['password'], strength: 0, confinedTo: null },
      client: { device: 'desktop', os: 'Linux', browser: 'Firefox' },
      userAgent: null,
      ip: '127.0.0.1',
      deviceId: null,
      shared: false,
    });
  });
  const client = new ApiClient(url);
  client.cookie = `__Host-sid=${token}`;
  return Object.assign(client, { sessionId });
}
