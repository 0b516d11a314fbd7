import type { Circumstances } from '../contracts/notifications.js';
import { clientName } from '../platform/client.js';
import { nameCountry } from '../platform/name-country.js';
import type { ActivityRecord } from './store/read-activity.js';

/** The circumstances of a sign-in itself, for the messages about it. */
export function circumstancesThen({
  occurred_at: at,
  ip,
  os,
  browser,
  device,
  country,
  city,
}: ActivityRecord): Circumstances {
  const place = [city, country === null ? null : nameCountry(country)].filter((part) => part !== null);
  return {
    at: at.toISOString(),
    ip,
    client: clientName({ device, os, browser }),
    place: place.length === 0 ? null : place.join(', '),
  };
}
