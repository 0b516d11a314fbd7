import { mannWhitney } from '../support/mann-whitney.mjs';
import { signIn } from './people.mjs';

/** Tries at one person: the account's own limit is for the other part of the proof. */
export const TRIES_EACH = 5;
const WARM_UP = 10;

/**
 * Signs in with wrong passwords, as known people and as nobody in turns, each from a network of its own.
 * @param {string} url @param {{ email: string }[]} people
 * @returns how many different answers there were, and whether the times differ
 */
export async function comparePairs(url, people, pairs) {
  const times = { known: [], unknown: [] };
  const answers = new Set();
  for (let pair = -WARM_UP; pair < pairs; pair += 1) {
    const known = people[Math.abs(pair) % Math.ceil(pairs / TRIES_EACH)].email;
    const emails = { known, unknown: known.replace('person', 'nobody') };
    const order = pair % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known'];
    for (const [index, which] of order.entries()) {
      const ip = strangerAt(2 * (pair + WARM_UP) + index);
      const { status, body, ms } = await signIn(url, { email: emails[which], password: 'not the password' }, { ip });
      if (pair < 0) continue;
      times[which].push(ms);
      // The id of a problem is drawn anew for each.
      answers.add(JSON.stringify([status, { ...JSON.parse(body), id: '' }]));
    }
  }
  return { pairs, answers: answers.size, p: Number(mannWhitney(times.known, times.unknown).p.toFixed(3)) };
}

/** Far apart, so that they are no campaign of one network; none is anybody's own. */
const strangerAt = (index) => `${91 + (index >> 13)}.${(index >> 5) & 255}.${(index & 31) * 8}.7`;
