import { familyOf } from './attempt-of-row.js';
import type { Observed } from './read-stream.js';

/** Points for what the person never used before. */
const FLAGS = { country: 40, asn: 20, ip: 10, os: 15, browser: 10 } as const;
type Flag = keyof typeof FLAGS;
const FLAG_NAMES = Object.keys(FLAGS) as Flag[];

/** Breaks ties at random, so that a threshold can lie between equal scores. */
const TIE = 0.01;

/** Five flags for what is new to a person: the simplest rule that works, and hard to beat. */
export class Novelty {
  private readonly users = new Map<string, Set<string>>();

  constructor(private readonly random: () => number) {}

  score(login: Observed): number | undefined {
    const known = this.users.get(login.user);
    if (known === undefined) return undefined;
    let score = this.random() * TIE;
    for (const flag of FLAG_NAMES) if (!known.has(`${flag}|${valueOf(login, flag)}`)) score += FLAGS[flag];
    return score;
  }

  learn(login: Observed): void {
    let known = this.users.get(login.user);
    if (known === undefined) this.users.set(login.user, (known = new Set()));
    for (const flag of FLAG_NAMES) known.add(`${flag}|${valueOf(login, flag)}`);
  }
}

function valueOf(login: Observed, flag: Flag): string {
  if (flag === 'os') return login.os.split(' ')[0] ?? '';
  return flag === 'browser' ? familyOf(login.browser) : login[flag];
}
