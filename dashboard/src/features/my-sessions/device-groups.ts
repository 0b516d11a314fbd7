import type { SessionView } from '../../api/types.js';
import { clientName } from '../../ui/naming.js';

/** One device as far as it can be told: the same browser and system at the same place. */
export type Device = {
  key: string;
  name: string;
  kind: SessionView['client']['device'];
  current: boolean;
  sessions: SessionView[];
};

/** The live sessions by device, in the order given, this device first. What comes later is appended: no row moves. */
export function byDevice(sessions: readonly SessionView[]): Device[] {
  const devices = new Map<string, Device>();
  for (const session of sessions) {
    const key = deviceKey(session);
    const device = devices.get(key) ?? {
      key,
      name: clientName(session.client),
      kind: session.client.device,
      current: false,
      sessions: [],
    };
    device.current ||= session.current;
    device.sessions.push(session);
    devices.set(key, device);
  }
  return [...devices.values()]
    .map((device) => ({ ...device, sessions: device.sessions.sort((a, b) => Number(b.current) - Number(a.current)) }))
    .sort((a, b) => Number(b.current) - Number(a.current));
}

function deviceKey({ client, place }: SessionView): string {
  return JSON.stringify([client.device, client.os, client.browser, place?.country, place?.city]);
}

/** The order in which sessions are shown when the page opens. */
export const newestUseFirst = (a: SessionView, b: SessionView): number =>
  Date.parse(b.lastSeenAt) - Date.parse(a.lastSeenAt);
