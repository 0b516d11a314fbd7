import type { SimulatedAttempt } from '../attempts.js';
import { SECOND } from '../calendar.js';
import {
  addressesOf,
  anonymous,
  deskPeople,
  distantHosting,
  hit,
  machine,
  missed,
  spread,
  strangerVisit,
  type Campaign,
} from './campaign.js';

/**
 * 41 people, three passwords of the season each, from four addresses of one hosting network in 150 s, at a browser's
 * speed and with a browser's name. The password of one person without a second factor works in the last round.
 */
export function* spray(campaign: Campaign): Generator<SimulatedAttempt> {
  const { random, company, startsAt } = campaign;
  const lucky = random.pick(deskPeople(company).filter(({ factor }) => factor === 'password'));
  const others = random.sample(
    deskPeople(company).filter((person) => person !== lucky),
    40,
  );
  const victims = random.sample([...others, lucky], 41);
  const addresses = addressesOf(random.pick(distantHosting), 4, random);
  const device = machine(campaign, 'linux-chrome');
  const rounds = ['season/1', 'season/2', 'season/3'];
  const moments = spread(startsAt, 150 * SECOND, victims.length * rounds.length, random);
  for (const [i, at] of moments.entries()) {
    const round = Math.floor(i / victims.length);
    const victim = victims[i % victims.length] ?? lucky;
    const password = rounds[round] ?? '';
    const visit = strangerVisit(campaign, victim, 'Webmail', random.pick(addresses), device);
    const works = victim === lucky && round === rounds.length - 1;
    yield anonymous(works ? hit(visit, at, password) : missed(visit, at, password));
  }
}
