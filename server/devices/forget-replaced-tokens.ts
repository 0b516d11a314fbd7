export { deleteOldTokens as forgetReplacedTokens } from './store/replaced-tokens.js';
