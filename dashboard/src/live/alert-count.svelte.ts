import { OpenAlerts } from './open-alerts.svelte.js';

/** The open alerts of this page; the rail shows `alertCount.label`. */
export const alertCount = new OpenAlerts();
