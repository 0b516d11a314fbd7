import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../bench/statistics.mjs';
import { signIn, signInByPasskey } from './people.mjs';

/** Tries of the attacker in a second. */
const RATE = 10;
/** Time between two sign-ins of an owner, in milliseconds. */
const OWNER_EVERY_MS = 500;
let attacks = 0;

/**
 * Guesses passwords for a while, while owners sign in: with the password on a device of theirs, or with a passkey in a browser that
 * nobody knows.
 * @param {string} url
 * @param {{ victims: { email: string }[], owners: Owner[], seconds: number, isNeighbour?: boolean }} attack
 *   a neighbour shares the owners' address; otherwise each try comes from another network
 * @typedef {{ email: string, password: string, cookies?: string, passkey?: import('../support/soft-passkey.mjs').SoftPasskey }} Owner
 * @returns how long owners took, how many of their sign-ins failed, and what the attacker was told
 */
export async function attack(url, { victims, owners, seconds, isNeighbour = false }) {
  // Where owners are: elsewhere in each attack, as a network that was attacked from is limited for a while.
  const ip = `84.112.${(attacks += 1)}.20`;
  const until = performance.now() + seconds * 1_000;
  const guesses = guess(url, { victims, until, from: isNeighbour ? () => ip : elsewhere });
  const times = [];
  let failed = 0;
  for (let turn = 0; performance.now() < until; turn += 1) {
    const owner = owners[turn % owners.length];
    const { status, ms, cookies } = owner.passkey
      ? await signInByPasskey(url, owner.passkey, { ip })
      : await signIn(url, owner, { ip, cookies: owner.cookies });
    if (status !== 200) failed += 1;
    else if (cookies) owner.cookies = cookies;
    times.push(ms);
    await wait(Math.max(0, OWNER_EVERY_MS - ms));
  }
  const told = await guesses;
  return { ownerSignIns: times.length, ownerFailed: failed, ownerP95Ms: percentile(times, 0.95), attackerTold: told };
}

/** How often the attacker got which status. */
async function guess(url, { victims, until, from }) {
  const told = {};
  const running = [];
  for (let turn = 0; performance.now() < until; turn += 1) {
    const { email } = victims[turn % victims.length];
    const one = signIn(url, { email, password: `guess number ${turn}` }, { ip: from(turn) });
    running.push(one.then(({ status }) => (told[status] = (told[status] ?? 0) + 1)));
    await wait(1_000 / RATE);
  }
  await Promise.all(running);
  return told;
}

const elsewhere = (turn) => `${171 + (turn >> 12)}.${(turn >> 4) & 255}.${(turn & 15) * 16}.9`;
