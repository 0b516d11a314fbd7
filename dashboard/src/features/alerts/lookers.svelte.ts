import type { ServerEvents } from '../../api/types.js';
import type { Connection } from '../../live/connection.svelte.js';

type Looking = Parameters<ServerEvents['alert.lookers']>[0];

/** Who else has the same alert open, wherever they are connected. */
export class Lookers {
  #now = $state.raw<Looking | null>(null);
  readonly #connection: Pick<Connection, 'on' | 'lookAt'>;
  readonly #me: () => string;

  /** @param me id of the person who looks */
  constructor(connection: Pick<Connection, 'on' | 'lookAt'>, me: () => string) {
    this.#connection = connection;
    this.#me = me;
  }

  /** The others who look at this alert. */
  of(alertId: string): Looking['people'] {
    if (this.#now?.alertId !== alertId) return [];
    return this.#now.people.filter(({ id }) => id !== this.#me());
  }

  /** Tells that this alert is open here. @returns how to stop looking */
  look(alertId: string): () => void {
    const stop = this.#connection.on('alert.lookers', (now) => {
      if (now.alertId === alertId) this.#now = now;
    });
    this.#connection.lookAt(alertId);
    return () => {
      stop();
      this.#connection.lookAt(null);
    };
  }
}
