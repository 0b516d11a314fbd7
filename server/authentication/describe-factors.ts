import type { AuthenticatorView, FactorOption, FactorsView } from '../contracts/factors.js';
import type { Queryable } from '../platform/database/data-source.js';
import { hasSmsGateway } from '../sms/read-gateway.js';
import { describeRecovery } from './describe-recovery.js';
import { coveredAddress } from './domain/covered-address.js';
import { strengthOf } from './domain/assurance.js';
import { isMailedOnly, isTwoStep, type SecondFactor, usableFactors } from './domain/required-factors.js';
import { FAILURES_MAX } from './domain/throttle.js';
import type { Account } from './find-account.js';
import { type AuthenticatorRow, listAuthenticators } from './store/authenticators.js';
import { readBackupCodes } from './store/backup-codes.js';

const factorOf = (kind: AuthenticatorRow['kind']): SecondFactor => (kind === 'backup_codes' ? 'backup_code' : kind);
/** The strongest first; among equals the one at hand. */
const order: readonly SecondFactor[] = ['totp', 'passkey', 'sms', 'email', 'backup_code'];

/** The ways that are open to a person for a second factor, the preferred one first. None that can't be gone now. */
export async function factorOptions(database: Queryable, account: Account): Promise<FactorOption[]> {
  const mayText = !account.bound.includes('sms') || (await hasSmsGateway(database));
  const usable = usableFactors(account).filter((factor) => factor !== 'sms' || mayText);
  const bound = (await listAuthenticators(database, account.id)).filter(
    (one) => usable.includes(factorOf(one.kind)) && (one.confirmedAt !== null || one.kind === 'backup_codes'),
  );
  const options = await Promise.all(
    order.flatMap((factor) => {
      const [first, ...more] = bound.filter((one) => factorOf(one.kind) === factor);
      return first
        ? [
            describe(
              database,
              account.email,
              first,
              [first, ...more].some(({ preferred }) => preferred),
            ),
          ]
        : [];
    }),
  );
  if (isMailedOnly(account)) options.push(mailedCode(account));
  return options.filter(({ left }) => left !== 0).sort((a, b) => Number(b.preferred) - Number(a.preferred));
}

const mailedCode = ({ email }: Account): FactorOption => ({
  factor: 'email',
  name: coveredAddress(email),
  weaker: true,
  preferred: false,
});

async function describe(
  database: Queryable,
  email: string,
  one: AuthenticatorRow,
  preferred: boolean,
): Promise<FactorOption> {
  const factor = factorOf(one.kind);
  return {
    factor,
    name: factor === 'email' ? coveredAddress(email) : one.name,
    weaker: strengthOf(factor) === 1,
    preferred,
    ...(factor === 'backup_code' ? { left: (await readBackupCodes(database, one.id)).left } : {}),
  };
}

/** How two-step sign-in stands for a person. */
export async function describeFactors(database: Queryable, account: Account): Promise<FactorsView> {
  const rows = await listAuthenticators(database, account.id);
  const codes = rows.find(({ kind }) => kind === 'backup_codes');
  const state = codes && (await readBackupCodes(database, codes.id));
  return {
    on: isTwoStep(account),
    authenticators: rows.flatMap(({ kind, ...row }) =>
      kind === 'backup_codes' || row.confirmedAt === null
        ? []
        : [
            {
              id: row.id,
              kind,
              name: row.name,
              weaker: strengthOf(factorOf(kind)) === 1,
              preferred: row.preferred,
              createdAt: row.createdAt.toISOString(),
              lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
              locked: row.failures >= FAILURES_MAX,
            },
          ],
    ),
    backupCodes:
      codes && state
        ? {
            left: state.left,
            createdAt: codes.createdAt.toISOString(),
            saved: codes.confirmedAt !== null,
            usedAt: state.usedAt.map((at) => at.toISOString()),
          }
        : null,
    required: account.requiredFrom !== null,
    allowed: await allowedKinds(database, account),
    recovery: await describeRecovery(database, account.id),
  };
}

async function allowedKinds(database: Queryable, { rules }: Account): Promise<AuthenticatorView['kind'][]> {
  if (rules.strict) return ['totp', 'passkey'];
  return ['totp', 'passkey', 'email', ...((await hasSmsGateway(database)) ? (['sms'] as const) : [])];
}
