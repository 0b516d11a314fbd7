import { mannWhitney } from '../support/mann-whitney.mjs';
import { ask } from './people.mjs';

/** Tries at one person: the account's own limit is for the other part of the proof. */
export const TRIES_EACH = 5;
const WARM_UP = 10;
const drawn = /"(id|challenge)":"[^"]*"/g;

/**
 * Asks the same about somebody known and about nobody in turns, each from a network of its own.
 * @param {(which: 'known' | 'unknown', pair: number) => { path: string, body: object }} question
 * @returns how many different answers there were, and whether the times differ
 */
async function compare(url, pairs, firstNetwork, question) {
  const times = { known: [], unknown: [] };
  const answers = new Set();
  for (let pair = -WARM_UP; pair < pairs; pair += 1) {
    const order = pair % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known'];
    for (const [index, which] of order.entries()) {
      const ip = strangerAt(firstNetwork + 2 * (pair + WARM_UP) + index);
      const { path, body } = question(which, Math.max(0, pair));
      const { status, text, headers, ms } = await ask(url, path, body, { ip });
      if (pair < 0) continue;
      times[which].push(ms);
      // What is drawn anew for each answer says nothing.
      answers.add([status, headers, text.replaceAll(drawn, '"$1":""')].join('\n'));
    }
  }
  return { pairs, answers: answers.size, p: Number(mannWhitney(times.known, times.unknown).p.toFixed(3)) };
}

/**
 * Every question by which a stranger could learn who has an account: a wrong password, a forgotten one, a passkey, and the link of an
 * invitation, spent or made up.
 * @param {{ email: string }[]} people @param {string[]} spentLinks of invitations that were used, one for each pair
 */
export async function comparePairs(url, people, spentLinks, pairs) {
  const someone = (which, pair) => {
    const { email } = people[pair % Math.ceil(pairs / TRIES_EACH)];
    return which === 'known' ? email : email.replace('person', 'nobody');
  };
  const questions = {
    signIn: (...of) => ({ path: 'sign-in', body: { email: someone(...of), password: 'not the password' } }),
    reset: (...of) => ({ path: 'password/forgot', body: { email: someone(...of) } }),
    passkeyOptions: (...of) => ({ path: 'sign-in/passkey-options', body: { email: someone(...of) } }),
    invitation: (which, pair) => ({
      path: 'password/link',
      body: { token: which === 'known' ? spentLinks[pair] : spentLinks[pair].split('').reverse().join('') },
    }),
  };
  const compared = {};
  for (const [index, [name, question]] of Object.entries(questions).entries())
    compared[name] = await compare(url, pairs, index * 2 * (pairs + WARM_UP), question);
  return compared;
}

/** Far apart, so that they are no campaign of one network; none is anybody's own. */
const strangerAt = (index) => `${91 + (index >> 13)}.${(index >> 5) & 255}.${(index & 31) * 8}.7`;
