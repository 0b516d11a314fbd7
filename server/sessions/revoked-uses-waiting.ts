export { isOtherCountry, isSameClient, severityOf } from './domain/revoked-use.js';
export { readWaitingUses, settleRevokedUses, type WaitingUse } from './store/revoked-uses.js';
