export { readSessionLimits, type SessionLimits } from './store/sign-in-policy.js';
