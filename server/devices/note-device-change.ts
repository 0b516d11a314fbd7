import type { Queryable } from '../platform/database/data-source.js';
import { notify } from '../platform/database/listener.js';

/** Tells the open pages of a person, on every server, that their devices are no longer as shown. */
export const noteDeviceChange = (tx: Queryable, personId: string): Promise<void> =>
  notify(tx, 'account_changed', { personId, what: 'devices' });
