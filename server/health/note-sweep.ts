export { noteSize, noteSweep } from './store/note-sweep.js';
