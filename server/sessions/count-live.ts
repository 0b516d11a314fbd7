export { countLive } from './store/read-sessions.js';
