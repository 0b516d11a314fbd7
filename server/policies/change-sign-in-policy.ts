import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import { confineSessions } from '../authentication/confine-sessions.js';
import type { SignInPolicyChange, SignInPolicyView } from '../contracts/policies.js';
import type { PersonCaller } from '../platform/http/access.js';
import { shortenSessions } from '../sessions/shorten-sessions.js';
import { policyText } from './domain/policy-text.js';
import { lockSignInPolicy, readSignInPolicy, writeSignInPolicy } from './store/sign-in-policy.js';

/** Who needs a second factor, which ones count, how long devices are trusted and sessions live. */
export class ChangeSignInPolicy {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  read(): Promise<SignInPolicyView> {
    return readSignInPolicy(this.database);
  }

  /** Sets the rules. They hold for open sessions too: shorter limits at once, a factor that is due within this very transaction. */
  async change(caller: PersonCaller, policy: SignInPolicyChange, ip: string): Promise<SignInPolicyView> {
    return this.database.transaction(async (tx) => {
      await lockSignInPolicy(tx);
      const before = policyText(await readSignInPolicy(tx));
      await writeSignInPolicy(tx, policy);
      await shortenSessions(tx);
      await confineSessions(tx);
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'sign_in_policy.changed',
        target: { kind: 'policy', id: null },
        detail: { before, after: policyText(policy) },
        ip,
      });
      return readSignInPolicy(tx);
    });
  }
}
