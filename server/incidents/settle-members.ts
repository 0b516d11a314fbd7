export { settleMembers } from './store/settle-members.js';
