import { randomUUID } from 'node:crypto';
import type { AttemptRow } from '../../server/contracts/attempts.js';
import type { KnownApplications } from '../../server/applications/known-applications.js';
import { type AttemptsFrame, FRAME_INTERVAL_MS, FRAME_ROWS_MAX } from '../../server/contracts/live.js';
import { rooms } from '../../server/platform/live-rooms.js';
import type { LivePublisher } from '../../server/platform/live-bus.js';
import type { ScoredBatch } from './prepare.js';

type Scored = ScoredBatch['scored'][number];

/** From this score on a row is shown before others when not all can be. */
const FIRST_FROM = 60;
/** Rows that may wait for the frames to come: three of them, so that what is on screen is never a second old. */
const WAITING_MAX = 3 * FRAME_ROWS_MAX;
/** Whose open pages are told with one frame, the latest first; a flood or the reading of old logs concerns more than are looking. */
const TOLD_MAX = 100;

/**
 * Gathers what was scored into frames of at most {@link FRAME_ROWS_MAX} rows, one each {@link FRAME_INTERVAL_MS}. A burst is spread
 * over the next frames; only a flood is thinned, to its newest rows, and risky ones are left out last. Counts are exact whatever is
 * left out. The first attempt after a quiet moment goes out at once.
 */
export class Frames {
  private readonly run = randomUUID();
  private sequence = 0;
  /** In the order of their coming. */
  private waiting: Scored[] = [];
  private thinned = false;
  /** Whose account was tried since the last frame. */
  private concerned = new Set<string>();
  private counts = emptyCounts();
  private levels = emptyLevels();
  private lastSentAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly publisher: LivePublisher,
    private readonly applications: KnownApplications,
    private readonly now: () => number,
  ) {}

  add(scored: readonly Scored[]): void {
    for (const each of scored) {
      this.counts.total += 1;
      this.counts[each.enriched.outcome] += 1;
      this.levels[each.risk.level] += 1;
      if (each.person && !each.simulated) this.concerned.add(each.person.id);
      this.waiting.push(each);
      if (this.waiting.length > WAITING_MAX) this.thin();
    }
    if (this.waiting.length > 0) this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private thin(): void {
    this.waiting = worthMost(this.waiting);
    this.thinned = true;
  }

  private schedule(): void {
    if (this.timer) return;
    const wait = Math.max(0, this.lastSentAt + FRAME_INTERVAL_MS - this.now());
    this.timer = setTimeout(() => this.send(), wait);
  }

  private send(): void {
    this.timer = undefined;
    this.lastSentAt = this.now();
    const chosen = this.waiting.splice(0, FRAME_ROWS_MAX);
    const frame: AttemptsFrame = {
      sequence: (this.sequence += 1),
      run: this.run,
      sentAt: new Date(this.now()).toISOString(),
      counts: this.counts,
      levels: this.levels,
      rows: chosen.map((each) => this.toRow(each)).sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1)),
      sampled: this.thinned,
    };
    this.thinned = false;
    this.counts = emptyCounts();
    this.levels = emptyLevels();
    this.publisher.emit(rooms.watchers, 'attempts.scored', frame);
    this.tellOwners();
    if (this.waiting.length > 0) this.schedule();
  }

  private tellOwners(): void {
    const latest = [...this.concerned].slice(-TOLD_MAX);
    this.concerned.clear();
    if (latest.length > 0) this.publisher.emit(latest.map(rooms.person), 'account.changed', 'activity');
  }

  private toRow({ accepted, enriched, risk, simulated, person }: Scored): AttemptRow {
    return {
      id: enriched.id,
      occurredAt: new Date(enriched.occurredAt).toISOString(),
      outcome: enriched.outcome,
      reason: enriched.reason,
      subject: accepted.subject,
      person: person && { id: person.id, name: person.name },
      application: { id: enriched.applicationId, name: this.applications.nameOf(enriched.applicationId) },
      ip: enriched.ip,
      network: enriched.network,
      place: enriched.place,
      client: enriched.client,
      sessionId: enriched.sessionId,
      score: risk.score,
      level: risk.level,
      simulated,
    };
  }
}

/** One frame of rows: all the risky ones as far as there is room, then the newest others, still in the order of their coming. */
function worthMost(rows: readonly Scored[]): Scored[] {
  const risky = rows.filter(({ risk }) => risk.score >= FIRST_FROM).slice(-FRAME_ROWS_MAX);
  const room = FRAME_ROWS_MAX - risky.length;
  const others = rows.filter(({ risk }) => risk.score < FIRST_FROM);
  const kept = new Set([...risky, ...others.slice(others.length - Math.min(room, others.length))]);
  return rows.filter((row) => kept.has(row));
}

const emptyCounts = (): AttemptsFrame['counts'] => ({ total: 0, success: 0, failure: 0, challenge: 0, blocked: 0 });
const emptyLevels = (): AttemptsFrame['levels'] => ({ low: 0, medium: 0, high: 0, critical: 0 });
