import type { Client } from '../../contracts/detection.js';

/** Device class, system and browser family in one short string. */
export const clientKeyOf = (client: Client): string => `${client.device}/${client.os ?? '?'}/${client.browser ?? '?'}`;
