import type { Found } from '../api/types.js';
import { liveLink } from '../live/filters.js';

const value = encodeURIComponent;

/** Where a thing that was found is shown. */
export function foundHref({ kind, value: id }: Found): string {
  switch (kind) {
    case 'person':
    case 'session':
      return `/u/${value(id)}`;
    case 'address':
    case 'attempt':
      return `/ip/${value(id)}`;
    case 'range':
      return liveLink('cidr', id);
    case 'network':
      return `/asn/${value(id)}`;
    case 'alert':
      return `/alerts/${value(id)}`;
    case 'incident':
      return `/incidents/${value(id)}`;
    case 'device':
      return `/device/${value(id)}`;
    case 'application':
      return `/application/${value(id)}`;
  }
}

export const foundWords: Record<Found['kind'], string> = {
  person: 'Person',
  address: 'Address',
  range: 'Range of addresses',
  network: 'Network',
  alert: 'Alert',
  incident: 'Incident',
  session: 'Session',
  device: 'Device',
  application: 'Application',
  attempt: 'Attempt',
};
