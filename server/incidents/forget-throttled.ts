export { forgetThrottled } from './store/throttled-sources.js';
