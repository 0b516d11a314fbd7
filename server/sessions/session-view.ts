import type { SessionView } from '../contracts/sessions.js';
import type { SessionRow } from './store/read-sessions.js';

/** Picks what may be shown of a session; the token isn't among it, not even hashed. */
export function toSessionView(row: SessionRow, currentSessionId: string | null): SessionView {
  return {
    id: row.id,
    person: { id: row.person_id, name: row.name, email: row.email },
    current: row.id === currentSessionId,
    client: { device: row.device, os: row.os, browser: row.browser },
    ip: row.ip,
    place: row.place,
    network: row.network,
    amr: row.amr,
    aal: row.aal,
    // RFC 8176 `pop`: possession of a key. Alone it is one factor.
    phishingResistant: row.aal === 2 && row.amr.includes('pop'),
    startedAt: row.started_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    idleAt: row.idle_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    endReason: row.end_reason,
    userAgent: row.user_agent,
    shared: row.shared,
    novelties: row.novelties,
    receiptId: row.revocation_id,
  };
}
