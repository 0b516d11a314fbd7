import type { Me } from '../api/types.js';

/** What a page or a button needs. The server decides again for each request; this only decides what is shown. */
export type Need = 'watch' | 'act' | 'administer' | 'audit' | 'lead';

export function may(me: Me | null, need: Need | undefined): boolean {
  if (me === null) return false;
  if (need === undefined) return true;
  if (need === 'audit') return me.person.role === 'admin' || me.person.role === 'auditor';
  return me.may[need];
}

/** Where someone lands after signing in. */
export function homeOf(me: Me): string {
  return me.may.watch ? '/overview' : '/me';
}
