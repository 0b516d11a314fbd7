import type { CallerIdentity } from '../platform/http/access.js';
import type { Actor } from './append-audit.js';

/** The caller of a request as the audit log names it. */
export const actorOf = (caller: CallerIdentity): Actor & { id: string } =>
  caller.kind === 'person'
    ? { kind: 'person', id: caller.personId, name: caller.name, ip: caller.ip }
    : { kind: 'key', id: caller.keyId, name: caller.applicationName, ip: caller.ip };
