/** The one door to the contracts shared with the server. Types only: the schemas would weigh on the first load. */
export type * from '../../../server/contracts/addresses.js';
export type * from '../../../server/contracts/alerts.js';
export type * from '../../../server/contracts/applications.js';
export type * from '../../../server/contracts/attempts.js';
export type * from '../../../server/contracts/authentication.js';
export type * from '../../../server/contracts/detection.js';
export type * from '../../../server/contracts/devices.js';
export type * from '../../../server/contracts/errors.js';
export type * from '../../../server/contracts/factors.js';
export type * from '../../../server/contracts/live.js';
export type * from '../../../server/contracts/notifications.js';
export type * from '../../../server/contracts/operations.js';
export type * from '../../../server/contracts/paging.js';
export type * from '../../../server/contracts/passwords.js';
export type * from '../../../server/contracts/people.js';
export type * from '../../../server/contracts/policies.js';
export type * from '../../../server/contracts/sessions.js';
