import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { Notification, NotifyPerson } from '../notifications/notify-person.js';
import { notify } from '../platform/database/listener.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Origin } from './open-session.js';
import type { AuthenticatorKind } from './store/authenticators.js';

/** What a person did to the own factors. */
export type FactorChange =
  | { action: 'factor.added' | 'factor.removed'; factor: AuthenticatorKind; name: string }
  | { action: 'factor.changed'; name?: string | undefined; preferred?: true | undefined }
  | { action: 'two_step.turned_off'; factors: string }
  | { action: 'backup_codes.made'; codes: number };

const words: Record<AuthenticatorKind, string> = {
  totp: 'authenticator app',
  passkey: 'passkey',
  email: 'codes by e-mail',
  sms: 'codes by SMS',
  backup_codes: 'backup codes',
};

/** Writes down what happened to a person's factors and tells the person, in the transaction in which it happens. */
export class NoteFactorChange {
  constructor(
    private readonly audit: AppendAudit,
    private readonly notifications: NotifyPerson,
    private readonly now: () => number,
  ) {}

  async note(tx: EntityManager, caller: PersonCaller, change: FactorChange, origin: Origin): Promise<void> {
    const { action, ...detail } = change;
    await this.audit.append(tx, {
      actor: actorOf(caller),
      action,
      target: { kind: 'person', id: caller.personId },
      detail,
      ip: origin.ip,
    });
    // One that is added gives the session a new token with the answer: a page that asked before it came would be refused. It tells its own tabs.
    if (action !== 'factor.added') await notify(tx, 'account_changed', { personId: caller.personId, what: 'factors' });
    const notice = noticeOf(change, circumstancesOf(origin, this.now()));
    if (notice)
      await this.notifications.notify(tx, caller.personId, {
        ...notice,
        dedupKey: `${action}:${randomUUID()}`,
      });
  }
}

type Notice = Notification extends infer N ? (N extends unknown ? Omit<N, 'dedupKey'> : never) : never;

/** A new name or order changes nothing about who gets in, and is not worth a mail. */
function noticeOf(change: FactorChange, circumstances: ReturnType<typeof circumstancesOf>): Notice | undefined {
  const happened = { circumstances, by: null };
  switch (change.action) {
    case 'factor.added':
      return { kind: 'factor_added', payload: { ...happened, factor: describe(change) } };
    case 'factor.removed':
      return { kind: 'factor_removed', payload: { ...happened, factor: describe(change) } };
    case 'two_step.turned_off':
      return { kind: 'two_step_turned_off', payload: happened };
    case 'backup_codes.made':
      return { kind: 'backup_codes_made', payload: { circumstances, count: change.codes } };
    case 'factor.changed':
      return undefined;
  }
}

const describe = ({ factor, name }: { factor: AuthenticatorKind; name: string }): string =>
  factor === 'passkey' ? `passkey “${name}”` : factor === 'sms' ? `${words.sms} to ${name}` : words[factor];
