export { holdSignInPolicy } from './store/sign-in-policy.js';
