import { pageError, type ApiError } from '../api/api-error.js';
import type { Page, Route } from './routes.js';

/** The page on screen. The old one stays until the code of the next has arrived, so that nothing flashes. */
export class Outlet {
  page = $state.raw<Page | null>(null);
  route = $state.raw<Route | null>(null);
  params = $state.raw<Record<string, string>>({});
  error = $state.raw<ApiError | null>(null);
  /** The code of the wanted page is on its way. */
  waits = $state(false);
  #wanted: Route['load'] | null = null;

  async show(route: Route, params: Record<string, string>): Promise<void> {
    this.#wanted = route.load;
    this.error = null;
    // The same page with other values, e.g. the next alert of the inbox: no new instance.
    if (this.route?.load === route.load && this.page) {
      this.route = route;
      this.params = params;
      this.waits = false;
      return;
    }
    this.waits = true;
    try {
      const { default: page } = await route.load();
      if (this.#wanted !== route.load) return;
      // A page without values in its path does not read the ones it is given.
      this.page = page as Page;
      this.route = route;
      this.params = params;
    } catch (thrown) {
      // Mostly the network; were it the code itself, the developer's tools say so.
      reportError(thrown);
      if (this.#wanted === route.load)
        this.error = pageError('This page did not arrive.', 'Check your connection and try again.');
    } finally {
      if (this.#wanted === route.load) this.waits = false;
    }
  }
}
