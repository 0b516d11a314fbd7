export { countLive, countLiveOf } from './store/read-sessions.js';
