import { attemptOf, type SimulatedAttempt } from '../attempts.js';
import { SECOND } from '../calendar.js';
import { blocksFor } from '../networks.js';
import {
  addressesOf,
  deskPeople,
  hit,
  machine,
  missed,
  scripted,
  spread,
  strangerVisit,
  type Campaign,
} from './campaign.js';

/** One person, one address: 30 to 45 passwords in 80 s from a script. It ends in a lock, or one time in three in a success. */
export function* bruteForce(campaign: Campaign): Generator<SimulatedAttempt> {
  const { random, company, startsAt } = campaign;
  const victim = random.pick(deskPeople(company));
  const [ip = ''] = addressesOf(random.pick(blocksFor('hosting')), 1, random);
  const visit = strangerVisit(campaign, victim, 'Webmail', ip, machine(campaign, 'linux-firefox'));
  const userAgent = random.pick(['python-requests/2.32.5', 'Go-http-client/2.0', 'okhttp/4.12.0']);
  const moments = spread(startsAt, 80 * SECOND, random.int(30, 45), random);
  for (const [i, at] of moments.entries()) yield scripted(missed(visit, at, `list/${i}`), userAgent);
  const end = startsAt + 82 * SECOND;
  if (random.chance(1 / 3)) yield scripted(hit(visit, end, 'list/last'), userAgent);
  else
    yield scripted(
      attemptOf(visit, end, { outcome: 'blocked', reason: 'account_locked', factor: 'password' }),
      userAgent,
    );
}
