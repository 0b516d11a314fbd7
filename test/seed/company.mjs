import { randomUUID } from 'node:crypto';
import { seededRandom } from '../support/seeded-random.mjs';
import { applicationNames, attackers, cities, clients } from './world.mjs';

const DAY_MS = 86_400_000;
/** Shares of attempts: those of attackers, and among people those that fail, are asked for a factor, or blocked. */
const SHARES = { attack: 0.03, failure: 0.04, challenge: 0.03, blocked: 0.002 };
const reasons = ['wrong_password', 'wrong_password', 'wrong_password', 'wrong_code', 'expired', 'factor_timeout'];
/** Part of a day's attempts that each hour has, in tenths of a per cent. */
const dayCurve = [6, 4, 4, 5, 9, 20, 45, 90, 105, 90, 75, 68, 70, 82, 78, 68, 55, 40, 28, 20, 14, 11, 8, 5];
const hourOf = dayCurve.flatMap((share, hour) => Array.from({ length: share }, () => hour));
/** Every tenth day one network tries everybody it can. */
const ATTACK_EVERY_DAYS = 10;

/** A company of any size and what is tried there, the same for the same seed. */
export class Company {
  /** @param {{ people: number, seed: number }} size */
  constructor({ people, seed }) {
    this.random = seededRandom(seed);
    this.applications = applicationNames.map((name) => ({ id: randomUUID(), name }));
    const byShare = cities.flatMap((city) => Array.from({ length: city.share }, () => city));
    this.people = Array.from({ length: people }, (_, index) => this.#person(index, this.random.pick(byShare)));
  }

  #person(index, city) {
    const { random } = this;
    const network = 70 + cities.indexOf(city);
    return {
      id: randomUUID(),
      name: `Person ${index}`,
      email: `person.${index}@example.com`,
      city,
      office: `${network}.${random.between(0, 15)}.0.7`,
      home: random.chance(0.1)
        ? `2001:db8:${network}:${(index % 65_536).toString(16)}::7`
        : `${network}.${random.between(16, 250)}.${random.between(0, 255)}.${random.between(1, 254)}`,
      mobile: `100.${64 + (index % 60)}.${random.between(0, 255)}.${random.between(1, 254)}`,
      client: random.pick(clients),
    };
  }

  /** So many attempts of a day, in the order of their time. @param {number} startMs @param {number} count @param {number} endMs */
  *attemptsOf(startMs, count, endMs) {
    const { random } = this;
    const times = Array.from(
      { length: count },
      () => startMs + hourOf[random.between(0, hourOf.length - 1)] * 3_600_000 + random.between(0, 3_599_999),
    ).sort((a, b) => a - b);
    const day = Math.floor(startMs / DAY_MS);
    const attackShare = day % ATTACK_EVERY_DAYS === 0 ? SHARES.attack * 5 : SHARES.attack;
    for (const at of times) {
      if (at >= endMs) continue;
      yield random.chance(attackShare) ? this.#attack(at, day) : this.#signIn(at);
    }
  }

  #signIn(at) {
    const { random } = this;
    const person = random.pick(this.people);
    const dice = random.next();
    const { failure, challenge, blocked } = SHARES;
    const outcome =
      dice < failure
        ? 'failure'
        : dice < failure + challenge
          ? 'challenge'
          : dice < failure + challenge + blocked
            ? 'blocked'
            : 'success';
    const where = random.next();
    return {
      at,
      applicationId: random.pick(this.applications).id,
      person,
      subject: person.email,
      outcome,
      reason: outcome === 'failure' ? random.pick(reasons) : outcome === 'blocked' ? 'policy' : null,
      ip: where < 0.6 ? person.office : where < 0.9 ? person.home : person.mobile,
      source: person.city,
      kind: where < 0.9 ? 'residential' : 'mobile',
      client: person.client,
      factor: 'password',
      score: outcome === 'success' ? random.between(0, 25) : random.between(5, 55),
    };
  }

  #attack(at, day) {
    const { random } = this;
    const source = attackers[day % attackers.length];
    const person = random.chance(0.7) ? random.pick(this.people) : null;
    const gotIn = random.chance(0.0005);
    return {
      at,
      applicationId: this.applications[0].id,
      person,
      subject: person?.email ?? `admin${random.between(1, 5_000)}@example.com`,
      outcome: gotIn ? 'success' : 'failure',
      reason: gotIn ? null : person ? 'wrong_password' : 'unknown_subject',
      ip: `203.0.${attackers.indexOf(source)}.${random.between(1, 250)}`,
      source,
      kind: 'hosting',
      client: ['bot', null, null],
      factor: 'password',
      score: gotIn ? 95 : random.between(40, 84),
    };
  }
}
