import type { DataSource, EntityManager } from 'typeorm';
import type { Actor } from '../audit/append-audit.js';
import type { Client } from '../contracts/detection.js';
import type { EndReason } from '../contracts/sessions.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { clientName } from '../platform/client.js';
import type { Revocation, Revoke, Selection } from './revoke.js';
import { sessionsOfRevocation } from './store/read-sessions.js';

/** Which sessions of others, and who wishes it; a manager is no staff. */
type EndRequest = {
  select: Exclude<Selection, { overdue: unknown } | { confinedOf: string }>;
  by: Actor;
  endReason?: Extract<EndReason, 'revoked_by_staff' | 'revoked_by_manager' | 'policy'>;
};
type Circumstances = { reason?: string | undefined; ip: string | null };

/** Ends sessions of somebody else, by staff or by an application, and tells their owner. */
export class EndSessions {
  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revoke,
    private readonly notifications: NotifyPerson,
    private readonly now: () => number,
  ) {}

  /** @returns the revocation, or undefined when no live session was selected */
  async end(request: EndRequest, circumstances: Circumstances): Promise<Revocation | undefined> {
    return this.database.transaction((tx) => this.endWithin(tx, request, circumstances));
  }

  /** The same inside a transaction of the caller, where whether they may is read too. */
  async endWithin(
    tx: EntityManager,
    { select, by, endReason = 'revoked_by_staff' }: EndRequest,
    { reason, ip }: Circumstances,
  ): Promise<Revocation | undefined> {
    const revocation = await this.revocations.revokeWithin(tx, { select, by, endReason, reason, ip });
    if (revocation) await this.tell(tx, revocation.id, by, reason ?? null);
    return revocation;
  }

  private async tell(tx: EntityManager, revocationId: string, by: Actor, reason: string | null): Promise<void> {
    const ended = await sessionsOfRevocation(tx, revocationId);
    // From where somebody works is nothing to tell everybody whose session they end.
    const circumstances = { at: new Date(this.now()).toISOString(), ip: null, client: null, place: null };
    for (const personId of new Set(ended.map((session) => session.person_id))) {
      // Who ends their own from a page of staff knows it.
      if (personId === by.id) continue;
      const theirs = ended.filter((session) => session.person_id === personId);
      await this.notifications.notify(tx, personId, {
        kind: 'session_ended',
        payload: { circumstances, by: by.name, sessions: theirs.map(nameOf), reason },
        dedupKey: `session_ended:${revocationId}:${personId}`,
      });
    }
  }
}

const nameOf = (client: Client): string => clientName(client) ?? 'an unknown browser';
