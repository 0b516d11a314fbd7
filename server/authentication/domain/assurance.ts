import type { ProofFactor } from '../../contracts/factors.js';

/**
 * What was proved, in one sign-in or later in its session. `passkey_verified` is a passkey whose device checked the person by PIN or
 * fingerprint: two factors in one. A plain `passkey` shows the device only (SP 800-63B-4 §3.1.7.2). `trusted_device` is a browser that
 * was trusted after a second factor: it spares the question and proves nothing by itself.
 */
export const proofs = [
  'password',
  'totp',
  'passkey',
  'passkey_verified',
  'backup_code',
  'trusted_device',
  'email',
  'sms',
] as const;
export type Proof = (typeof proofs)[number];

export type Assurance = {
  /** SP 800-63B-4. A code by e-mail is no factor there (§3.1.3.1); one by SMS is restricted and doesn't count here. */
  aal: 1 | 2;
  /** RFC 8176 names; `email`, `backup_code` and `trusted_device` are ours, as it has none for them. */
  amr: string[];
};

/** RFC 8176: `pop` is possession of a key, `user` a test that somebody is present. */
const methods: Record<Proof, readonly string[]> = {
  password: ['pwd'],
  totp: ['otp'],
  passkey: ['pop', 'user'],
  passkey_verified: ['pop', 'user'],
  backup_code: ['backup_code'],
  trusted_device: ['trusted_device'],
  email: ['email'],
  sms: ['sms'],
};
const devices: readonly Proof[] = ['totp', 'passkey', 'backup_code'];

/** The assurance of everything that was proved together; order and repetition don't matter. */
export function assuranceOf(proved: readonly Proof[]): Assurance {
  const has = (proof: Proof): boolean => proved.includes(proof);
  const two = has('passkey_verified') || (has('password') && devices.some(has));
  const amr = new Set(proofs.filter(has).flatMap((proof) => methods[proof]));
  if (two) amr.add('mfa');
  return {
    aal: two ? 2 : 1,
    amr: [...amr],
  };
}

/** How much a proof is worth for a sensitive action: 0 the password, 1 a code that was sent, 2 a device in hand. */
export type Strength = 0 | 1 | 2;

export function strengthOf(proof: Proof | ProofFactor): Strength {
  if (proof === 'password' || proof === 'trusted_device') return 0;
  return proof === 'email' || proof === 'sms' ? 1 : 2;
}

export const strongest = (proved: readonly (Proof | ProofFactor)[]): Strength =>
  proved.map(strengthOf).reduce((a, b) => (a > b ? a : b), 0);
