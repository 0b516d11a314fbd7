export { isSharedNetwork } from './store/sign-in-policy.js';
