import type { AttemptsFrame, FiguresQuery, OverviewFigures, OverviewLists, OverviewQuery } from '../../api/types.js';
import { Resource } from '../../api/resource.svelte.js';
import type { Connection } from '../../live/connection.svelte.js';
import { serverFilter } from '../../live/filters.js';
import { LastHour } from './last-hour.js';
import { figuresQuery, listsQuery, type OverviewAddress } from './overview-address.js';

/** How often figures follow the frames, in milliseconds: nobody reads faster. */
const DRAW_MS = 1_000;
/** How long after something new the lists are asked for again, in milliseconds. */
const REFRESH_MS = 15_000;

export type OverviewReader = {
  overviewFigures: (query: FiguresQuery) => Promise<OverviewFigures>;
  overviewLists: (query: OverviewQuery) => Promise<OverviewLists>;
};
type Live = Pick<Connection, 'on' | 'watchAttempts'>;

/**
 * What the overview shows. Figures follow the counts of live frames, which are exact whatever rows are left out; lists are asked for
 * again some seconds after something happened, once however much it was. A filtered view has no counts of its own in the frames, so
 * its figures are asked for like the lists.
 */
export class Overview {
  readonly figures: Resource<OverviewFigures>;
  readonly lists: Resource<OverviewLists>;
  /** The lists in `lists` are of another filter or period than the address says. */
  stale = $state(false);
  now = $state(Date.now());
  hour = $derived.by(() => (this.figures.value ? new LastHour(this.figures.value) : null));
  /** Grows when counts were added to `hour`. */
  version = $state(0);
  readonly #live: Live;
  #address: OverviewAddress | null = null;
  #drawn = false;
  #refresh: ReturnType<typeof setTimeout> | undefined;

  constructor(reader: OverviewReader, live: Live) {
    this.#live = live;
    this.figures = new Resource(() => reader.overviewFigures(this.#address ? figuresQuery(this.#address) : {}));
    this.lists = new Resource(() => {
      const address = this.#address;
      return reader.overviewLists(address ? listsQuery(address) : { period: '24h' });
    });
  }

  /** Shows another filter or period; what is on screen stays, dimmed, until the answer is here. */
  async show(address: OverviewAddress): Promise<void> {
    const before = this.#address;
    this.#address = address;
    const sameFilter =
      before !== null && JSON.stringify(serverFilter(before.filters)) === JSON.stringify(serverFilter(address.filters));
    if (sameFilter && before.period === address.period) return;
    this.stale = this.lists.value !== null;
    await Promise.all([sameFilter ? undefined : this.figures.load(), this.lists.load()]);
    this.stale = false;
  }

  retry = async (): Promise<void> => {
    await Promise.all([this.figures.load(), this.lists.load()]);
  };

  /** Keeps everything up. @returns how to stop. */
  follow(): () => void {
    const stops = [
      // What was read before the server began to send may lack what came in between.
      this.#live.watchAttempts(() => this.#later(0)),
      this.#live.on('attempts.scored', (frame) => this.#take(frame)),
    ];
    const timer = setInterval(() => this.#draw(), DRAW_MS);
    return () => {
      for (const stop of stops) stop();
      clearInterval(timer);
      clearTimeout(this.#refresh);
    };
  }

  #take({ counts, sentAt }: AttemptsFrame): void {
    this.#later(REFRESH_MS);
    if (this.#address && this.#address.filters.conditions.length > 0) return;
    this.hour?.add(Date.parse(sentAt), counts);
    this.#drawn = false;
  }

  #draw(): void {
    if (document.hidden) return;
    this.now = Date.now();
    if (this.#drawn) return;
    this.#drawn = true;
    this.version += 1;
  }

  #later(wait: number): void {
    if (this.#refresh !== undefined || this.#address === null) return;
    this.#refresh = setTimeout(() => {
      this.#refresh = undefined;
      if (document.hidden) this.#later(REFRESH_MS);
      else void this.retry();
    }, wait);
  }
}
