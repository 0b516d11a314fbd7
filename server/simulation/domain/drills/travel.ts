import { laptopAddress } from '../addresses.js';
import { idsFrom, signIn, type SimulatedAttempt } from '../attempts.js';
import { DAY, dayAt, SECOND } from '../calendar.js';
import type { Person } from '../people.js';
import { passwordVersionOn } from '../mishaps.js';
import { tripOn } from '../journeys.js';
import type { Stay } from '../stays.js';
import { addressesOf, deskPeople, distantHosting, hit, machine, strangerVisit, type Campaign } from './campaign.js';

/**
 * Somebody signs in at home as always; 45 s later their password works on the other side of the world, at once and on
 * a strange machine, and mail, wiki and payroll are opened one after another within a minute and a half.
 */
export function* travel(campaign: Campaign): Generator<SimulatedAttempt> {
  const { random, company, startsAt } = campaign;
  const atHome = deskPeople(company).filter(
    (person) => person.hidesBehind === null && tripOn(company.seed, person, dayAt(person.city.zone, startsAt)) === null,
  );
  const victim = random.pick(atHome);
  yield* ownSignIn(campaign, victim);
  const [ip = ''] = addressesOf(random.pick(distantHosting), 1, random);
  const device = machine(campaign, 'windows-chrome');
  const stolen = 'stolen';
  let at = startsAt + 45 * SECOND;
  for (const application of ['Webmail', 'Wiki', 'Payroll'] as const) {
    yield hit(strangerVisit(campaign, victim, application, ip, device), Math.round(at), stolen);
    at += random.between(18, 30) * SECOND;
  }
}

/** The owner's own, plain sign-in from home that the far one is compared with. */
function ownSignIn(campaign: Campaign, victim: Person): SimulatedAttempt[] {
  const { company, startsAt, random } = campaign;
  const home: Stay = { spot: 'home-desk', city: victim.city, from: startsAt, to: startsAt + DAY };
  const visit = {
    seed: company.seed,
    person: victim,
    application: 'Webmail' as const,
    device: victim.devices.laptop,
    ip: laptopAddress(victim, home, startsAt),
    ids: idsFrom(`${campaign.id}-own`),
    passwordVersion: passwordVersionOn(victim, dayAt(victim.city.zone, startsAt)),
  };
  return signIn(visit, startsAt, random, { typos: 0, challenged: 0 });
}
