export { addEvents, lockForChange, moveAlerts, type Party } from './store/move-alerts.js';
