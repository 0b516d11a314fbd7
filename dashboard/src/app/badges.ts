import { alertCount } from '../live/alert-count.svelte.js';
import { teamCount } from '../live/team-count.svelte.js';

/** The number beside an item of the rail or the bottom bar: what waits there; empty where nothing does. */
export function badgeOf(href: string): string {
  if (href === '/alerts') return alertCount.label;
  return href === '/team' && teamCount.toAnswer > 0 ? String(teamCount.toAnswer) : '';
}
