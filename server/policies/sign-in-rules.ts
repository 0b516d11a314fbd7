export { requiredFrom } from './domain/sign-in-rules.js';
