export { forgetLooks } from './store/looks.js';
