import type { TeamSummary } from '../api/types.js';
import type { Connection } from './connection.svelte.js';

/** How many of a manager's people need an answer, kept up by the socket. */
class TeamCount {
  toAnswer = $state(0);

  follow(connection: Pick<Connection, 'on' | 'onLive'>, fetch: () => Promise<TeamSummary>): () => void {
    // Without the number the page itself still says what is to be done, and what is wrong.
    const load = (): void =>
      void fetch().then(
        ({ toAnswer }) => (this.toAnswer = toAnswer),
        () => undefined,
      );
    const stops = [connection.on('team.changed', load), connection.onLive(load)];
    load();
    return () => stops.forEach((stop) => stop());
  }

  clear(): void {
    this.toAnswer = 0;
  }
}
export const teamCount = new TeamCount();
