import { randomUUID } from 'node:crypto';
import type { AttemptRow } from '../../server/contracts/attempts.js';
import type { KnownApplications } from '../../server/applications/known-applications.js';
import { type AttemptsFrame, FRAME_INTERVAL_MS, FRAME_ROWS_MAX } from '../../server/contracts/live.js';
import { rooms } from '../../server/platform/live-rooms.js';
import type { LivePublisher } from '../../server/platform/live-bus.js';
import type { ScoredBatch } from './prepare.js';

type Scored = ScoredBatch['scored'][number];

/** From this score on a row is shown before others when a frame can't hold all. */
const FIRST_FROM = 60;

/**
 * Gathers what was scored into frames of at most {@link FRAME_ROWS_MAX} rows, one each {@link FRAME_INTERVAL_MS}. Counts are exact
 * whatever is left out; risky rows are left out last. The first attempt after a quiet moment goes out at once.
 */
export class Frames {
  private readonly run = randomUUID();
  private sequence = 0;
  private risky: Scored[] = [];
  private ordinary: Scored[] = [];
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
      const rows = each.risk.score >= FIRST_FROM ? this.risky : this.ordinary;
      rows.push(each);
      // The newest are worth most; twice the frame, so that trimming is rare.
      if (rows.length > 2 * FRAME_ROWS_MAX) rows.splice(0, rows.length - FRAME_ROWS_MAX);
    }
    if (this.counts.total > 0) this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.timer) return;
    const wait = Math.max(0, this.lastSentAt + FRAME_INTERVAL_MS - this.now());
    this.timer = setTimeout(() => this.send(), wait);
  }

  private send(): void {
    this.timer = undefined;
    this.lastSentAt = this.now();
    const chosen = [...this.ordinary.slice(-FRAME_ROWS_MAX), ...this.risky.slice(-FRAME_ROWS_MAX)].slice(
      -FRAME_ROWS_MAX,
    );
    const frame: AttemptsFrame = {
      sequence: (this.sequence += 1),
      run: this.run,
      sentAt: new Date(this.now()).toISOString(),
      counts: this.counts,
      levels: this.levels,
      rows: chosen.map((each) => this.toRow(each)).sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1)),
      sampled: this.counts.total > chosen.length,
    };
    this.risky = [];
    this.ordinary = [];
    this.counts = emptyCounts();
    this.levels = emptyLevels();
    this.publisher.emit(rooms.watchers, 'attempts.scored', frame);
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

const emptyCounts = (): AttemptsFrame['counts'] => ({ total: 0, success: 0, failure: 0, challenge: 0, blocked: 0 });
const emptyLevels = (): AttemptsFrame['levels'] => ({ low: 0, medium: 0, high: 0, critical: 0 });
