import { api } from '../api/api.js';
import { alertCount } from '../live/alert-count.svelte.js';
import { teamCount } from '../live/team-count.svelte.js';
import { live } from '../live/live.js';
import type { Me } from '../api/types.js';
import { session } from './session.svelte.js';

/** Connects the signed-in page to the live events, and the end of the session to the page. Returns how to stop. */
export function linkLive(me: Me): () => void {
  const stops = [
    live.on('you.signed_out', (why) => session.endedByServer(why)),
    live.on('you.locked', () => session.cover()),
    ...(me.may.lead ? [teamCount.follow(live, api.teamSummary)] : []),
    // "This wasn't me" in another tab: nothing but a new password opens here either.
    live.on('account.changed', (what) => what === 'answers' && void session.look()),
    ...(me.may.watch ? [alertCount.follow(live, api.alerts)] : []),
  ];
  // Without the socket's code every page still works; only what others do is not seen at once.
  live.start().catch(reportError);
  return () => {
    for (const stop of stops) stop();
    live.stop();
    alertCount.clear();
    teamCount.clear();
  };
}

/** The server refused the socket: one question over HTTP tells whether the session is over or locked, and then the page says so. */
export function askWhyRefused(): void {
  void session.look();
}
