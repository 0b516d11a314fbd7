import type { DataSource } from 'typeorm';
import type { Actor } from '../audit/append-audit.js';
import type { RevocationReceipt } from '../contracts/sessions.js';
import { requireReport } from '../people/reporting-line.js';
import { Refusal } from '../platform/errors.js';
import type { Receipts } from '../sessions/receipts.js';
import type { EndSessions } from '../sessions/end-sessions.js';

/** Ends sessions of a manager's people, through the one door. */
export class EndReportSessions {
  constructor(
    private readonly database: DataSource,
    private readonly ending: EndSessions,
    private readonly receipts: Receipts,
  ) {}

  /**
   * @param sessionId one session; without it all of the person's
   * @returns the receipt, or undefined when there was nothing to end
   * @throws Refusal `not_found`, also for a session of somebody else
   */
  async end(
    by: Actor & { id: string },
    personId: string,
    { sessionId, reason }: { sessionId?: string; reason: string | undefined },
  ): Promise<RevocationReceipt | undefined> {
    const revocation = await this.database.transaction(async (tx) => {
      await requireReport(tx, by.id, personId);
      const select = sessionId === undefined ? { personId } : { sessionId, personId };
      const request = { select, by, endReason: 'revoked_by_manager' } as const;
      const ended = await this.ending.endWithin(tx, request, { reason, ip: by.ip ?? null });
      if (!ended && sessionId !== undefined)
        throw new Refusal('not_found', { detail: 'There is no live session of that id.' });
      return ended;
    });
    return revocation && this.receipts.read(revocation.id);
  }
}
