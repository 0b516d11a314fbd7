import type { AlertView } from './alerts.js';
import type { AttemptRow, Outcome } from './attempts.js';
import type { IncidentView } from './incidents.js';
import type { EndReason, SessionView } from './sessions.js';
import type { RiskLevel } from './detection.js';

/** Most rows in one live frame; the counters stay exact when rows are left out. */
export const FRAME_ROWS_MAX = 50;
/** Shortest time between two frames, in milliseconds. */
export const FRAME_INTERVAL_MS = 250;

/** What was scored since the last frame: exact counts, and the rows worth showing (high risk is never left out first). */
export type AttemptsFrame = {
  /** Grows by one with each frame of a worker run; a gap tells the client to catch up. `run` changes with the worker. */
  sequence: number;
  run: string;
  sentAt: string;
  counts: Record<Outcome, number> & { total: number };
  levels: Record<RiskLevel, number>;
  rows: AttemptRow[];
  /** True when rows were left out since the last frame; without it every attempt comes as a row, in this frame or in the next. */
  sampled: boolean;
};

/** How scoring keeps up: what is accepted but not scored yet. */
export type BacklogFrame = { waiting: number; oldestSeconds: number };

/** Everything the server may send over the socket, by event name. */
export type ServerEvents = {
  'attempts.scored': (frame: AttemptsFrame) => void;
  'scoring.backlog': (frame: BacklogFrame) => void;
  'alert.raised': (alert: AlertView) => void;
  'alert.changed': (alert: AlertView) => void;
  'incident.changed': (incident: IncidentView) => void;
  /** A message was put into the outbox or delivered; what the reader may see of it is asked for. */
  'mail.changed': () => void;
  'session.started': (session: SessionView) => void;
  'session.revoked': (ended: {
    sessionId: string;
    personId: string;
    endedAt: string;
    reason: EndReason;
    by: string | null;
  }) => void;
  /** Sent just before this socket is cut, so that the page can say why. */
  'you.signed_out': (why: { reason: EndReason; by: string | null }) => void;
  /** The same when the session is locked: the page covers itself. */
  'you.locked': () => void;
};

/** What a client may ask over the socket; each is authorised again when it arrives. */
export type ClientEvents = {
  /** Start or stop receiving live attempts (staff only). */
  'watch.attempts': (on: boolean, acknowledge: (answer: { ok: true } | { ok: false; code: string }) => void) => void;
};
