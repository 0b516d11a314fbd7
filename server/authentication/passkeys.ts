import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import type { DataSource, EntityManager } from 'typeorm';
import type { CredentialResponse } from '../contracts/factors.js';
import { Refusal } from '../platform/errors.js';
import type { PublicOrigins } from '../platform/http/origins.js';
import type { Proof } from './domain/assurance.js';
import { markUsed } from './store/authenticators.js';
import {
  insertChallenge,
  insertPasskey,
  type PasskeyRow,
  readPasskey,
  readPasskeysOf,
  takeChallenge,
  writeSignCount,
} from './store/passkeys.js';

/** What a challenge belongs to: a sign-in by passkey alone, where nobody is known yet, a step of a sign-in or session, or a locked session. */
export type ChallengeOwner = { purpose: 'sign_in'; id: null } | { purpose: 'confirm' | 'unlock'; id: string };
export type CheckedPasskey = {
  personId: string;
  authenticatorId: string;
  proof: Extract<Proof, 'passkey' | 'passkey_verified'>;
  /** Writes down the use. @returns false when the passkey was removed meanwhile */
  spend: (tx: EntityManager) => Promise<boolean>;
};
export type NewCredential = Parameters<typeof insertPasskey>[1];

type Person = { id: string; name: string; email: string };
type RegistrationResponse = Parameters<typeof verifyRegistrationResponse>[0]['response'];
type AuthenticationResponse = Parameters<typeof verifyAuthenticationResponse>[0]['response'];

/** Speaks WebAuthn with browsers. Challenges lie in the database and are taken out by their answer, so that each counts once, on any server. */
export class Passkeys {
  constructor(
    private readonly database: DataSource,
    private readonly origins: PublicOrigins,
  ) {}

  /** Options to make a passkey for a person who is signed in. */
  async registrationOptions(person: Person, sessionId: string): Promise<{ challenge: string }> {
    const known = await readPasskeysOf(this.database, person.id);
    const options = await generateRegistrationOptions({
      rpName: 'Gatehouse',
      rpID: this.origins.relyingParty.id,
      userName: person.email,
      userDisplayName: person.name,
      userID: new Uint8Array(Buffer.from(person.id)),
      excludeCredentials: known.map(descriptor),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    });
    await insertChallenge(this.database, options.challenge, 'register', sessionId);
    return options;
  }

  /**
   * Checks what the browser made.
   * @throws Refusal `passkey_failed`
   */
  async checkRegistration(
    response: CredentialResponse,
    sessionId: string,
  ): Promise<Omit<NewCredential, 'authenticatorId'>> {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as unknown as RegistrationResponse,
      expectedChallenge: (challenge) => takeChallenge(this.database, challenge, 'register', sessionId),
      expectedOrigin: this.origins.relyingParty.origins,
      expectedRPID: this.origins.relyingParty.id,
      requireUserVerification: false,
    }).catch(refused);
    if (!verified) throw new Refusal('passkey_failed');
    const { credential, aaguid, credentialBackedUp } = registrationInfo;
    return {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      signCount: credential.counter,
      transports: credential.transports ?? [],
      aaguid,
      backedUp: credentialBackedUp,
    };
  }

  /** Options to use a passkey. With nobody known they name none: they are the same for everyone who asks. */
  async authenticationOptions(owner: ChallengeOwner, personId: string | null): Promise<{ challenge: string }> {
    const own = personId === null ? [] : await readPasskeysOf(this.database, personId);
    const options = await generateAuthenticationOptions({
      rpID: this.origins.relyingParty.id,
      allowCredentials: own.map(descriptor),
      userVerification: mustVerify(owner) ? 'required' : 'preferred',
    });
    await insertChallenge(this.database, options.challenge, owner.purpose, owner.id);
    return options;
  }

  /**
   * Checks an answer. Wrong ones aren't counted against the passkey: a signature can't be guessed, and nobody else may close this way.
   * @param personId whose passkey it must be; null when the answer itself says who signs in
   * @throws Refusal `passkey_failed`
   */
  async check(response: CredentialResponse, owner: ChallengeOwner, personId: string | null): Promise<CheckedPasskey> {
    const passkey = await readPasskey(this.database, response.id);
    if (!passkey || (personId !== null && passkey.personId !== personId)) throw new Refusal('passkey_failed');
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as unknown as AuthenticationResponse,
      expectedChallenge: (challenge) => takeChallenge(this.database, challenge, owner.purpose, owner.id),
      expectedOrigin: this.origins.relyingParty.origins,
      expectedRPID: this.origins.relyingParty.id,
      credential: credentialOf(passkey),
      requireUserVerification: mustVerify(owner),
    }).catch(refused);
    if (!verified) throw new Refusal('passkey_failed');
    const { authenticatorId } = passkey;
    return {
      personId: passkey.personId,
      authenticatorId,
      proof: authenticationInfo.userVerified ? 'passkey_verified' : 'passkey',
      spend: async (tx) => {
        await writeSignCount(tx, authenticatorId, authenticationInfo.newCounter);
        return markUsed(tx, authenticatorId);
      },
    };
  }
}

/** Alone it must be two factors in one: a security key left in a computer opens nothing. After a password the device itself is enough. */
const mustVerify = ({ purpose }: ChallengeOwner): boolean => purpose !== 'confirm';

const descriptor = ({ credentialId, transports }: PasskeyRow): { id: string; transports: string[] } => ({
  id: credentialId,
  transports,
});

const credentialOf = ({ credentialId, publicKey, signCount, transports }: PasskeyRow): WebAuthnCredential => ({
  id: credentialId,
  publicKey: new Uint8Array(publicKey),
  counter: signCount,
  transports,
});

/** The library says by throwing that an answer is not valid; a database that can't be reached is something else. */
function refused(error: unknown): never {
  if (error instanceof Error && !('driverError' in error) && !('code' in error && typeof error.code === 'string'))
    throw new Refusal('passkey_failed');
  throw error;
}
