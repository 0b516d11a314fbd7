export { tellingOf } from './store/telling-of.js';
