export { readPasswordRules } from './store/sign-in-policy.js';
