export { confineSessions } from './store/confine-sessions.js';
