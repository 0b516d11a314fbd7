import type { AlertView, Page, RiskLevel } from '../api/types.js';
import { isFolded, isOver, severityOf } from './folded.js';
import type { Connection } from './connection.svelte.js';

type FetchAlerts = (query: { status: 'open'; folded: true; limit: number }) => Promise<Page<AlertView>>;
/** The most the server gives at once; more open alerts than this are shown as `200+`. */
const MOST = 200;

const order: Record<RiskLevel, number> = { critical: 0, high: 1, medium: 2, low: 3 };

/** The open alerts, kept up by the socket: the number in the rail, and the newest ones for the sentence above Live. */
export class OpenAlerts {
  open = $state.raw<AlertView[]>([]);
  /** True when there are more than are held here. */
  more = $state(false);
  /** How many were raised since this page was last looked at; the tab's title shows it. */
  unseen = $state(0);
  /** While a list is being read: what changed since, as that list may be older. */
  #meanwhile: AlertView[] | null = null;
  readonly #raised = new Set<(alert: AlertView) => void>();

  /** Text for the rail: `5`, `200+`, or empty. */
  get label(): string {
    if (this.open.length === 0) return '';
    return this.more ? `${this.open.length}+` : String(this.open.length);
  }

  /** Loads the open alerts and follows them. @returns how to stop. */
  follow(connection: Pick<Connection, 'on' | 'onLive'>, fetch: FetchAlerts): () => void {
    // A failed count leaves the last one standing; the inbox itself says what is wrong when it is opened.
    const reload = (): void => void this.#load(fetch).catch(() => undefined);
    const stops = [
      connection.on('alert.raised', (alert) => this.#take(alert, true)),
      connection.on('alert.changed', (alert) => this.#take(alert, false)),
      connection.on('alerts.removed', reload),
      connection.onLive(reload),
    ];
    reload();
    return () => stops.forEach((stop) => stop());
  }

  /** Runs for each alert that is raised while the page is open. @returns how to stop. */
  onRaised(listener: (alert: AlertView) => void): () => void {
    this.#raised.add(listener);
    return () => this.#raised.delete(listener);
  }

  /** Puts in an alert that this page has changed itself, without waiting for the socket. */
  put(alert: AlertView): void {
    this.#take(alert, false);
  }

  seen(): void {
    this.unseen = 0;
  }

  clear(): void {
    this.open = [];
    this.more = false;
    this.unseen = 0;
  }

  #take(alert: AlertView, raised: boolean): void {
    const known = this.open.some(({ id }) => id === alert.id);
    this.#meanwhile?.push(alert);
    this.#put(alert);
    if (!raised || known || isFolded(alert)) return;
    this.unseen += 1;
    for (const listener of this.#raised) listener(alert);
  }

  async #load(fetch: FetchAlerts): Promise<void> {
    const meanwhile: AlertView[] = [];
    this.#meanwhile = meanwhile;
    try {
      const page = await fetch({ status: 'open', folded: true, limit: MOST });
      // A newer load knows more.
      if (this.#meanwhile !== meanwhile) return;
      this.open = sorted(page.items.filter(isWaiting));
      this.more = page.nextCursor !== null;
      for (const alert of meanwhile) this.#put(alert);
    } finally {
      if (this.#meanwhile === meanwhile) this.#meanwhile = null;
    }
  }

  #put(alert: AlertView): void {
    const others = this.open.filter(({ id }) => id !== alert.id);
    this.open = isWaiting(alert) ? sorted([alert, ...others]) : others;
  }
}

/** What is put off waits for its time, not for people. */
const isWaiting = (alert: AlertView): boolean =>
  !isOver(alert.status) && alert.status !== 'on_hold' && !isFolded(alert);

/** Worst first, then the newest. */
function sorted(alerts: AlertView[]): AlertView[] {
  return alerts.sort(
    (a, b) => order[severityOf(a)] - order[severityOf(b)] || Date.parse(b.raisedAt) - Date.parse(a.raisedAt),
  );
}
