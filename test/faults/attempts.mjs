const PEOPLE = 400;
/** Failures of one attacker; the policy raises an alert at the fifth within ten minutes. */
const GUESSES = 6;
/** One attacker in so many ordinary attempts. */
const ATTACKER_EVERY = 500;

/**
 * The attempts of one round in the order of their times: people who sign in from their own addresses, and attackers of whom each
 * must get exactly one alert, whatever is killed meanwhile.
 * @param {{ round: number, count: number, random: ReturnType<typeof import('../support/seeded-random.mjs').seededRandom> }} options
 */
export function roundOfAttempts({ round, count, random }) {
  const attempts = [];
  const attackers = [];
  while (attempts.length < count) {
    if (attempts.length % ATTACKER_EVERY === 0 && attempts.length + GUESSES <= count) {
      const ip = attackerAddress(round, attackers.length);
      attackers.push(ip);
      for (let guess = 0; guess < GUESSES; guess += 1)
        attempts.push({
          subject: `root-${round}-${attackers.length}`,
          outcome: 'failure',
          reason: 'wrong_password',
          ip,
        });
    } else attempts.push(ordinary(random));
  }
  return attempts.map((attempt, index) => {
    const id = `fault-${round}-${index}`;
    return { id, correlationId: id, occurredAt: new Date().toISOString(), ...attempt };
  });
}

/** Nobody else's in this load; each in a neighbourhood of its own. */
const attackerAddress = (round, index) => `${100 + round}.${20 + index}.7.9`;
export const isAttacker = (ip) => ip.endsWith('.7.9');

function ordinary(random) {
  const person = random.between(1, PEOPLE);
  return {
    subject: `person-${person}@example.com`,
    outcome: random.chance(0.99) ? 'success' : 'failure',
    ip: `84.112.${person >> 7}.${10 + (person & 127)}`,
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    factor: 'password',
  };
}
