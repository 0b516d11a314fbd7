import { findRoute } from './routes.js';

/** Loads a page's code when its link comes under the pointer; a failure shows when the page is really opened. */
export function prefetch(path: string): void {
  findRoute(path)
    ?.route.load()
    .catch(() => undefined);
}
