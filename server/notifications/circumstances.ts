import type { Circumstances } from '../contracts/notifications.js';
import { clientName, clientOf } from '../platform/client.js';

/** Circumstances of something that a request does right now, from what the server itself sees. */
export const circumstancesOf = (
  origin: { ip: string; userAgent: string | undefined },
  nowMs: number,
): Circumstances => ({
  at: new Date(nowMs).toISOString(),
  ip: origin.ip,
  client: clientName(clientOf(origin.userAgent)),
  place: null,
});
