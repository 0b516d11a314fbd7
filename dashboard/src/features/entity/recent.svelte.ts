import { untrack } from 'svelte';

/** How many are kept. */
const KEPT = 10;

export type Visited = { href: string; label: string };

/** The people, addresses and networks that were looked at last; in memory, so that the next user of a computer sees none. */
class Recent {
  list = $state.raw<readonly Visited[]>([]);

  visit(page: Visited): void {
    // Whoever notes a visit in an effect does not wait for the next one.
    const before = untrack(() => this.list);
    this.list = [page, ...before.filter(({ href }) => href !== page.href)].slice(0, KEPT);
  }
}
export const recent = new Recent();
