import { io } from 'socket.io-client';
import { administrator, compiled } from '../support/installation.mjs';

/**
 * Opens sessions the way the end of sign-in does. Signing in itself is left out: its hash takes a good tenth of a second on
 * purpose, and its attempts, at the time of today, would make the load look like a replayed past.
 */
export class Sessions {
  /** @param {import('../support/installation.mjs').Installation} installation */
  static async open(installation) {
    const { createDataSource } = await compiled('server/platform/database/data-source.js');
    const { createSession } = await compiled('server/sessions/create-session.js');
    const database = await createDataSource(installation.databaseUrl, 2).initialize();
    const [person] = await database.query(
      `SELECT id, role, password_changed_at AS "passwordChangedAt" FROM people WHERE email = $1`,
      [administrator.email],
    );
    if (!person) throw new Error('The administrator of the installation is missing.');
    return new Sessions(database, createSession, person);
  }

  constructor(database, createSession, person) {
    this.database = database;
    this.createSession = createSession;
    this.person = person;
  }

  /** A new session of the administrator. @returns {Promise<{ id: string, cookie: string }>} */
  begin() {
    return this.#beginFor(this.person);
  }

  /** A new session of somebody who has only their own account, made for it. @returns {Promise<{ id: string, cookie: string }>} */
  async beginForUser() {
    const [person] = await this.database.query(
      `INSERT INTO people (id, name, email, role) VALUES (gen_random_uuid(), 'Sam Doe', 'sam@example.com', 'user')
       RETURNING id, role, password_changed_at AS "passwordChangedAt"`,
    );
    return this.#beginFor(person);
  }

  async #beginFor(person) {
    const { token, sessionId } = await this.database.transaction((tx) =>
      this.createSession(tx, {
        person,
        assurance: { aal: 1, amr: ['pwd'], proofs: ['password'], strength: 0, confinedTo: null },
        client: { device: 'desktop', os: 'Linux', browser: 'Firefox' },
        userAgent: null,
        ip: '127.0.0.1',
        deviceId: null,
        shared: false,
      }),
    );
    return { id: sessionId, cookie: `__Host-sid=${token}` };
  }

  close() {
    return this.database.destroy();
  }
}

/** A live socket of a session. @param {string} url @param {string} cookie */
export async function openSocket(url, cookie) {
  const socket = io(url, {
    path: '/live',
    transports: ['websocket'],
    extraHeaders: { cookie, origin: url },
    reconnection: false,
    forceNew: true,
  });
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
