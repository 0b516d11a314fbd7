import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../bench/statistics.mjs';
import { signIn } from './people.mjs';

/** Tries of the attacker in a second. */
const RATE = 10;
/** Time between two sign-ins of an owner, in milliseconds. */
const OWNER_EVERY_MS = 500;
const OWNER_AT = '84.112.1.20';

/**
 * Guesses passwords for a while, each from another network, while owners sign in on devices of theirs.
 * @param {string} url
 * @param {{ victims: { email: string, password: string }[], owners: { email: string, password: string }[], seconds: number }} attack
 * @returns how long owners took, how many of their sign-ins failed, and what the attacker was told
 */
export async function attack(url, { victims, owners, seconds }) {
  const devices = [];
  for (const owner of owners) devices.push((await signIn(url, owner, { ip: OWNER_AT })).cookies);
  const until = performance.now() + seconds * 1_000;
  const guesses = guess(url, victims, until);
  const times = [];
  let failed = 0;
  for (let turn = 0; performance.now() < until; turn += 1) {
    const [owner, cookies] = [owners[turn % owners.length], devices[turn % owners.length]];
    const { status, ms, cookies: next } = await signIn(url, owner, { ip: OWNER_AT, cookies });
    if (status === 200) devices[turn % owners.length] = next || cookies;
    else failed += 1;
    times.push(ms);
    await wait(Math.max(0, OWNER_EVERY_MS - ms));
  }
  const told = await guesses;
  return { ownerSignIns: times.length, ownerFailed: failed, ownerP95Ms: percentile(times, 0.95), attackerTold: told };
}

/** How often the attacker got which status. */
async function guess(url, victims, until) {
  const told = {};
  const running = [];
  for (let turn = 0; performance.now() < until; turn += 1) {
    const { email } = victims[turn % victims.length];
    const ip = `${171 + (turn >> 12)}.${(turn >> 4) & 255}.${(turn & 15) * 16}.9`;
    const one = signIn(url, { email, password: `guess number ${turn}` }, { ip });
    running.push(one.then(({ status }) => (told[status] = (told[status] ?? 0) + 1)));
    await wait(1_000 / RATE);
  }
  await Promise.all(running);
  return told;
}
