import type { DataSource } from 'typeorm';
import { askedAbout } from '../activity/ask-about-sign-in.js';
import { SearchAttempts } from '../attempts/search-attempts.js';
import { challengesOf } from '../authentication/challenge-next.js';
import type { AlertDetail, AlertQuery, AlertReach, AlertView } from '../contracts/alerts.js';
import type { Page } from '../contracts/paging.js';
import { decisionOf } from '../decisions/decision-of.js';
import { readReach } from '../incidents/read-reach.js';
import { standingContainment } from '../incidents/standing-containment.js';
import { withPlainAddress } from '../platform/address.js';
import { Refusal } from '../platform/errors.js';
import type { Cursors } from '../platform/paging.js';
import { countLive } from '../sessions/count-live.js';
import { toAlertView } from './alert-view.js';
import { doubtedSignIn } from './domain/doubted-sign-in.js';
import {
  type AlertRow,
  EVIDENCE_SHOWN,
  evidenceOf,
  findByNumber,
  listAlerts,
  readAlert,
  readAlertsByIds,
  readHistory,
  readParty,
} from './store/read-alerts.js';

/** Who looks; an application is no person. */
type Reader = { personId: string | null };
/** Merged alerts listed with the one that stands for them. */
const MERGED_SHOWN = 50;

/** What analysts look at: the list, one alert with everything known about it, and what acting on some would do. */
export class TriageAlerts {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
    private readonly attempts: SearchAttempts,
  ) {}

  async list(query: AlertQuery): Promise<Page<AlertView>> {
    const position = this.cursors.decode('alerts', query.cursor);
    const rows = await listAlerts(
      this.database,
      withPlainAddress(query),
      position && { at: String(position[0]), id: String(position[1]) },
      query.limit + 1,
    );
    const page = this.cursors.page('alerts', rows, query.limit, (row) => [row.position, row.id]);
    return { items: page.items.map(toAlertView), nextCursor: page.nextCursor };
  }

  /** @param reference id or number @throws Refusal `not_found` */
  async read(reference: string, by: Reader): Promise<AlertDetail> {
    const id = reference.startsWith('A-') ? await findByNumber(this.database, reference.slice(2)) : reference;
    const row = id === undefined ? undefined : await readAlert(this.database, id);
    if (!row) throw new Refusal('not_found');
    const [ids, history, party] = await Promise.all([
      evidenceOf(this.database, row.id, EVIDENCE_SHOWN),
      readHistory(this.database, row.id),
      readParty(this.database, row.id),
    ]);
    const attempts = await this.attempts.readMany(ids);
    const view = toAlertView(row);
    const judged =
      row.kind === 'suspicious-sign-in' ? attempts.find((attempt) => attempt.outcome === 'success') : undefined;
    const signIn = judged ? await this.attempts.read(judged.id) : null;
    return {
      ...view,
      risk: row.risk ?? signIn?.risk ?? null,
      signIn: signIn && {
        decision: await decisionOf(this.database, signIn),
        factor: signIn.factor,
        reason: signIn.reason,
      },
      attempts,
      history: history.map((event) => ({
        ...event,
        at: event.at.toISOString(),
        kind: event.kind as AlertDetail['history'][number]['kind'],
      })),
      askable: doubtedSignIn(view, attempts) !== null,
      ...(await this.standing(row, party, by)),
    };
  }

  /** What containing these alerts, and all that belongs to them, would do now. */
  async reach(ids: readonly string[], by: Reader): Promise<AlertReach> {
    const parties = await Promise.all(ids.map((id) => readParty(this.database, id)));
    const all = new Set(parties.flatMap((party) => party.ids));
    return { ...(await readReach(this.database, [...all], by)), alerts: ids.length };
  }

  /** One alert as lists show it, for the live view. */
  async view(id: string): Promise<AlertView | undefined> {
    const row = await readAlert(this.database, id);
    return row && toAlertView(row);
  }

  /** How an alert stands with what belongs to it. */
  private async standing(
    row: AlertRow,
    party: { ids: string[]; merged: string[] },
    by: Reader,
  ): Promise<Pick<AlertDetail, 'openSessions' | 'merged' | 'reach' | 'containment' | 'challenges' | 'question'>> {
    const [openSessions, merged, reach, containment, challenges, asked] = await Promise.all([
      row.person_id === null ? 0 : countLive(this.database, row.person_id),
      row.merged_into === null ? readAlertsByIds(this.database, party.merged.slice(0, MERGED_SHOWN)) : [],
      readReach(this.database, party.ids, by),
      standingContainment(this.database, party.ids),
      challengesOf(this.database, party.ids),
      askedAbout(this.database, row.id),
    ]);
    return {
      openSessions,
      merged: merged.map(toAlertView),
      reach,
      containment,
      challenges,
      question: asked ? { askedAt: asked.askedAt.toISOString(), answer: asked.answer } : null,
    };
  }
}
