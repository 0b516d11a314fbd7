/** What the outbox offers to other ways out than mail: how long to wait between tries, when there is room, and what became of a message. */
export { fullUntil } from './domain/budget.js';
export { pauseAfter } from './domain/retry.js';
export { postpone, settle } from './store/outbox.js';
