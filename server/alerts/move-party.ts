export { addEvents, lastDecision, lockForChange, moveAlerts, type Party } from './store/move-alerts.js';
