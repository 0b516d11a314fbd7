import type { DataSource, EntityManager } from 'typeorm';
import type { Actor } from '../audit/append-audit.js';
import type { Client } from '../contracts/detection.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { clientName } from '../platform/client.js';
import type { Revocation, Revoke, Selection } from './revoke.js';
import { sessionsOfRevocation } from './store/read-sessions.js';

/** Whose sessions, of one person, and who wishes it. */
type EndRequest = { select: Extract<Selection, { sessionId: string } | { personId: string }>; by: Actor };

/** Ends sessions of somebody else, by staff or by an application, and tells their owner. */
export class EndSessions {
  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revoke,
    private readonly notifications: NotifyPerson,
    private readonly now: () => number,
  ) {}

  /** @returns the revocation, or undefined when no live session was selected */
  async end(
    { select, by }: EndRequest,
    { reason, ip }: { reason?: string | undefined; ip: string },
  ): Promise<Revocation | undefined> {
    return this.database.transaction(async (tx) => {
      const request = { select, by, endReason: 'revoked_by_staff', reason, ip } as const;
      const revocation = await this.revocations.revokeWithin(tx, request);
      if (revocation) await this.tell(tx, revocation.id, by, reason ?? null);
      return revocation;
    });
  }

  private async tell(tx: EntityManager, revocationId: string, by: Actor, reason: string | null): Promise<void> {
    const ended = await sessionsOfRevocation(tx, revocationId);
    const personId = ended[0]?.person_id;
    // Who ends their own from a page of staff knows it.
    if (personId === undefined || personId === by.id) return;
    // From where somebody works is nothing to tell everybody whose session they end.
    const circumstances = { at: new Date(this.now()).toISOString(), ip: null, client: null, place: null };
    await this.notifications.notify(tx, personId, {
      kind: 'session_ended',
      payload: { circumstances, by: by.name, sessions: ended.map(nameOf), reason },
      dedupKey: `session_ended:${revocationId}`,
    });
  }
}

const nameOf = (client: Client): string => clientName(client) ?? 'an unknown browser';
