import { untrack } from 'svelte';

/** Something that can be done with what the page is about. */
export type Action = { label: string; keys?: string; run: () => void };

/** What the open page offers to the command palette. */
class CurrentActions {
  list = $state.raw<readonly Action[]>([]);

  /** From a component: `$effect(() => currentActions.offer([…]))`. Returns how to take it back. */
  offer(actions: readonly (Action | false)[]): () => void {
    const offered = actions.filter((action) => action !== false);
    this.list = offered;
    return () => {
      if (untrack(() => this.list) === offered) this.list = [];
    };
  }
}
export const currentActions = new CurrentActions();
