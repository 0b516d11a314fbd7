import { randomUUID } from 'node:crypto';

export const PEOPLE = 200;
/** Managers, each of as many people. */
const MANAGERS = 4;
/** People whose password works for the attacker, in the last part of the attack. */
const HITS = 40;
const HITS_FROM = 90_000;
const DAY_MS = 86_400_000;
const HISTORY_DAYS = 10;

const home = (person) => `82.154.214.${1 + person}`;
const own =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const script = 'python-requests/2.32.5';
const email = (person) => `p${person}@example.com`;

/** Managers first, then their people. */
export function peopleOf() {
  const managers = Array.from({ length: MANAGERS }, (_, i) => ({
    ...{ id: randomUUID(), name: `Manager ${i}`, email: `m${i}@example.com`, role: 'manager', manager: null },
  }));
  const people = Array.from({ length: PEOPLE }, (_, i) => ({
    ...{ id: randomUUID(), name: `Person ${i}`, email: email(i), role: 'user', manager: managers[i % MANAGERS].id },
  }));
  return [...managers, ...people];
}

export const historyOf = () =>
  Array.from({ length: PEOPLE * HISTORY_DAYS }, (_, i) => ({
    occurredAt: new Date(
      Date.now() - (HISTORY_DAYS - Math.floor(i / PEOPLE)) * DAY_MS + (i % PEOPLE) * 1_000,
    ).toISOString(),
    ...{ subject: email(i % PEOPLE), ip: home(i % PEOPLE), userAgent: own, outcome: 'success' },
  }));

/** Names by turns from forty addresses of one rented network; each third one never was here. */
export const attackOf = (first, count) =>
  Array.from({ length: count }, (_, i) => {
    const number = first + i;
    const hit = number >= HITS_FROM && number % 250 === 0 && (number - HITS_FROM) / 250 < HITS;
    const unknown = !hit && number % 3 === 2;
    return {
      ...{
        id: `flood-${number}`,
        occurredAt: new Date().toISOString(),
        ip: `107.172.87.${1 + (number % 40)}`,
        userAgent: script,
      },
      subject: hit
        ? email((number - HITS_FROM) / 250)
        : unknown
          ? `left${number % 5_000}@example.com`
          : email(number % PEOPLE),
      ...(hit
        ? { outcome: 'success' }
        : { outcome: 'failure', reason: unknown ? 'unknown_subject' : 'wrong_password' }),
    };
  });
