import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import type { SystemHealth } from '../../api/types.js';
import { live } from '../../live/live.js';

/** Measurements come every two seconds; without one for longer the page no longer calls itself live, in milliseconds. */
const SILENT_MS = 7_000;

/** The installation's health as the server sends it, and whether what is shown is still of now. */
export class Health {
  readonly measured = new Resource<SystemHealth>(api.health);
  /** Nothing came for a while: what is shown is of the time that it says. */
  stale = $state(true);
  #timer: ReturnType<typeof setTimeout> | undefined;

  load = (): Promise<void> => this.measured.load();

  /** Listens until the returned function is called. */
  watch(): () => void {
    void this.load();
    const stops = [live.on('health.measured', (health) => this.#take(health)), live.watchHealth()];
    return () => {
      clearTimeout(this.#timer);
      stops.forEach((stop) => stop());
    };
  }

  #take(health: SystemHealth): void {
    this.measured.value = health;
    this.measured.error = null;
    this.stale = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#miss(), SILENT_MS);
  }

  /** Asked once, so that the page can say why nothing comes. */
  async #miss(): Promise<void> {
    this.stale = true;
    await this.load();
  }
}
