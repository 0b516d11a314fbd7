import type { Server } from 'socket.io';
import type { ClientEvents, ServerEvents } from '../contracts/live.js';
import type { Listener, Notices } from '../platform/database/listener.js';
import { rooms } from '../platform/live-rooms.js';
import type { CheckSession, ShutSession } from '../sessions/check-session.js';
import type { ListSessions } from '../sessions/list-sessions.js';
import type { Receipts } from '../sessions/receipts.js';
import type { TriageAlerts } from '../alerts/triage-alerts.js';
import type { ReadTeam } from '../team/read-team.js';
import type { ReadIncidents } from '../incidents/read-incidents.js';

/** How long a socket may outlive its session when a notice got lost, in milliseconds. */
const SWEEP_MS = 5_000;

/** This server process, as receipts name it, and where its errors go. */
export abstract class LiveProcess {
  abstract readonly node: string;
  abstract readonly onError: (error: unknown) => void;
}

type Dependencies = LiveProcess & {
  check: CheckSession;
  receipts: Receipts;
  listener: Listener;
  sessions: ListSessions;
  alerts: TriageAlerts;
  incidents: ReadIncidents;
  team: ReadTeam;
};

/** Carries what happens to sessions to this server's sockets, and cuts those whose session ended, is locked or confined. */
export class LiveSessions {
  private server: Server<ClientEvents, ServerEvents> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly from: Dependencies) {}

  attach(server: Server): void {
    this.server = server as Server<ClientEvents, ServerEvents>;
    const { listener, onError } = this.from;
    listener.on('session_revoked', (notice) => void this.onRevoked(notice).catch(onError));
    listener.on('session_locked', ({ sessionId }) => this.cut(sessionId, 'locked', null));
    listener.on('sessions_confined', () => void this.sweep().catch(onError));
    listener.on('session_started', ({ sessionId }) => void this.onStarted(sessionId).catch(onError));
    listener.on('account_changed', ({ personId, what }) => {
      server.local.to(rooms.person(personId)).emit('account.changed', what);
    });
    listener.on('alert_changed', ({ alertId }) => void this.onAlertChanged(alertId).catch(onError));
    listener.on('alerts_removed', () => void server.local.to(rooms.staff).emit('alerts.removed'));
    listener.on('warning_opened', ({ personIds = [] }) => void this.onTeamChanged(personIds).catch(onError));
    listener.on('incident_changed', ({ incidentId }) => void this.onIncidentChanged(incidentId).catch(onError));
    listener.on('resumed', () => void this.sweep().catch(onError));
    this.timer = setInterval(() => void this.sweep().catch(onError), SWEEP_MS);
  }

  detach(): void {
    clearInterval(this.timer);
  }

  /** Cuts the sockets of those of the given sessions that are over, locked or confined. */
  async cutShut(sessionIds: readonly string[]): Promise<void> {
    for (const { id, reason } of await this.from.check.findShut(sessionIds)) this.cut(id, reason, null);
  }

  private async sweep(): Promise<void> {
    const ids = [...(this.server?.sockets.adapter.rooms.keys() ?? [])]
      .filter((room) => room.startsWith('session:'))
      .map((room) => room.slice('session:'.length));
    if (ids.length > 0) await this.cutShut(ids);
  }

  private async onRevoked({ revocationId, sessionIds, reason, by }: Notices['session_revoked']): Promise<void> {
    // Cut at once by what the notice says; the rest is read afterwards, for those who only watch.
    let cut = (sessionIds ?? []).reduce((sum, id) => sum + this.cut(id, reason, by), 0);
    const ended = await this.from.receipts.endedBy(revocationId);
    if (sessionIds === null) for (const session of ended) cut += this.cut(session.id, reason, by);
    await this.from.receipts.confirm(revocationId, this.from.node, cut);
    for (const { id, personId, endedAt } of ended) {
      this.server?.local
        .to([rooms.staff, rooms.person(personId)])
        .emit('session.revoked', { sessionId: id, personId, endedAt: endedAt.toISOString(), reason, by });
    }
  }

  private async onStarted(sessionId: string): Promise<void> {
    const session = await this.from.sessions.read(sessionId);
    if (session) this.server?.local.to([rooms.staff, rooms.person(session.person.id)]).emit('session.started', session);
  }

  private async onAlertChanged(alertId: string): Promise<void> {
    const alert = await this.from.alerts.view(alertId);
    if (alert) this.server?.local.to(rooms.staff).emit('alert.changed', alert);
    if (alert?.person) await this.onTeamChanged([alert.person.id]);
  }

  private async onTeamChanged(personIds: readonly string[]): Promise<void> {
    const managers = await this.from.team.managersOf(personIds);
    if (managers.length > 0) this.server?.local.to(managers.map(rooms.person)).emit('team.changed');
  }

  private async onIncidentChanged(incidentId: string): Promise<void> {
    for (const incident of await this.from.incidents.view([incidentId]))
      this.server?.local.to(rooms.staff).emit('incident.changed', incident);
  }

  /** @returns how many sockets were cut */
  private cut(sessionId: string, reason: ShutSession['reason'], by: string | null): number {
    const room = rooms.session(sessionId);
    const sockets = this.server?.sockets.adapter.rooms.get(room)?.size ?? 0;
    if (sockets > 0) {
      if (reason === 'locked') this.server?.local.to(room).emit('you.locked');
      else if (reason !== 'confined') this.server?.local.to(room).emit('you.signed_out', { reason, by });
      this.server?.local.in(room).disconnectSockets(true);
    }
    return sockets;
  }
}
