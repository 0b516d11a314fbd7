import type { AlertView } from './alerts.js';
import type { AttemptRow, Outcome } from './attempts.js';
import type { SystemHealth } from './health.js';
import type { IncidentView } from './incidents.js';
import type { EndReason, SessionView } from './sessions.js';
import type { Network, RiskLevel } from './detection.js';

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

/** Attempts a second from which on, kept up for {@link SURGE_AFTER_S}, rows are rolled up: nobody reads more. */
export const SURGE_FROM_PER_SECOND = 30;
/** For how long attempts come faster than that before rows are rolled up, and slower before they are rows again; seconds. */
export const SURGE_AFTER_S = 3;
export const SURGE_OVER_AFTER_S = 30;
/** What a roll-up counts: the last ten minutes, in seconds. */
export const ROLL_UP_S = 600;
/** One bar of the last minute stands for this many seconds. */
export const ROLL_UP_BAR_S = 4;
/** Most rows in one roll-up; what they leave out is in `rest`. */
export const ROLL_UP_ROWS_MAX = 40;

/** How many different ones there are; `atLeast` where there are more than are told apart. */
export type Distinct = { count: number; atLeast: boolean };

/** Whom a row of a roll-up is about: one account, or many that are not worth a row of their own. */
export type RolledWho =
  | { kind: 'one'; subject: string; person: { id: string; name: string } | null }
  | { kind: 'people' | 'names'; distinct: Distinct };

/** Attempts of the last ten minutes that have outcome, network and account in common, counted exactly. */
export type RolledRow = {
  outcome: Outcome;
  network: Network;
  who: RolledWho;
  attempts: number;
  /** Over the last whole bar. */
  perSecond: number;
  /** Attempts in each bar of the last minute, oldest first; the last one is still being counted. */
  minute: number[];
  addresses: Distinct;
  lastAt: string;
  /** The highest of the last ten minutes. */
  score: number;
  level: RiskLevel;
};

/** What arrives while too much arrives to be read row by row; sent once a second. */
export type SurgeFrame = {
  sentAt: string;
  /** When attempts began to come faster than anybody reads. */
  since: string;
  perSecond: number;
  /** People who got in during the last ten minutes. */
  signedIn: Distinct;
  rows: RolledRow[];
  /** Attempts of the last ten minutes that are in none of the rows. */
  rest: number;
  /** The last frame of this surge: rows are shown one by one again. */
  over: boolean;
};

/** How scoring keeps up: what is accepted but not scored yet. */
export type BacklogFrame = { waiting: number; oldestSeconds: number };

/** What of the own account is no longer as it was shown: asked for again by whoever shows it. */
export type AccountPart = 'activity' | 'answers' | 'devices' | 'addresses' | 'factors';

/** Everything the server may send over the socket, by event name. */
export type ServerEvents = {
  'attempts.scored': (frame: AttemptsFrame) => void;
  'attempts.surged': (frame: SurgeFrame) => void;
  'scoring.backlog': (frame: BacklogFrame) => void;
  'alert.raised': (alert: AlertView) => void;
  'alert.changed': (alert: AlertView) => void;
  /** Some are gone, as those of a drill when it ends: whoever shows or counts them asks again. */
  'alerts.removed': () => void;
  /** Who looks at an alert now, the reader among them; sent to those who look at it. */
  'alert.lookers': (looking: { alertId: string; people: { id: string; name: string }[] }) => void;
  'incident.changed': (incident: IncidentView) => void;
  /** Sent every two seconds to those who asked for it. */
  'health.measured': (health: SystemHealth) => void;
  /** A message was put into the outbox or delivered; what the reader may see of it is asked for. */
  'mail.changed': () => void;
  /** Something to answer about the reader's own people came or changed; what it is, they ask for. */
  'team.changed': () => void;
  'session.started': (session: SessionView) => void;
  'session.revoked': (ended: {
    sessionId: string;
    personId: string;
    endedAt: string;
    reason: EndReason;
    by: string | null;
  }) => void;
  /** `activity`: somebody tried to sign in as this person. `answers`: the person said whether it was them. */
  'account.changed': (what: AccountPart) => void;
  /** Sent just before this socket is cut, so that the page can say why. */
  'you.signed_out': (why: { reason: EndReason; by: string | null }) => void;
  /** The same when the session is locked: the page covers itself. */
  'you.locked': () => void;
};

/** What a client may ask over the socket; each is authorised again when it arrives. */
export type ClientEvents = {
  /** Say which alert is open, or that none is (staff only). */
  'look.alert': (
    alertId: string | null,
    acknowledge: (answer: { ok: true } | { ok: false; code: string }) => void,
  ) => void;
  /** Start or stop hearing how the installation is (administrators and auditors only). */
  'watch.health': (on: boolean, acknowledge: (answer: { ok: true } | { ok: false; code: string }) => void) => void;
  /** Start or stop receiving live attempts (staff only). */
  'watch.attempts': (on: boolean, acknowledge: (answer: { ok: true } | { ok: false; code: string }) => void) => void;
};
