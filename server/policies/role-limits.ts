export { readRoleLimits } from './store/sign-in-policy.js';
