import { attemptOf, type SimulatedAttempt } from '../attempts.js';
import { SECOND } from '../calendar.js';
import { mailPart, namesIn } from '../names.js';
import { blocksFor } from '../networks.js';
import type { Random } from '../random.js';
import {
  addressesOf,
  deskPeople,
  hit,
  machine,
  missed,
  scripted,
  spread,
  strangerVisit,
  unknownTry,
  type Campaign,
} from './campaign.js';

/** What a rotation of made-up browsers sends: long out of date, one for each address. */
const oldBrowsers = [109, 114, 116, 119, 120, 122].map(
  (major) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`,
);

/**
 * A leaked list: 90 names, one try each, from twelve addresses in four hosting networks within two minutes. A third of
 * the names never worked here. Two passwords are right: one gets in, one meets a second factor.
 */
export function* stuffing(campaign: Campaign): Generator<SimulatedAttempt> {
  const { random, company, startsAt } = campaign;
  const addresses = random.sample(blocksFor('hosting'), 4).flatMap((block) => addressesOf(block, 3, random));
  const device = machine(campaign, 'windows-chrome');
  const desk = deskPeople(company);
  const open = random.pick(desk.filter(({ factor }) => factor === 'password'));
  const guarded = random.pick(desk.filter(({ factor }) => factor === 'push' || factor === 'totp'));
  const known = random.sample(
    desk.filter((person) => person !== open && person !== guarded),
    58,
  );
  const strangers = strangeNames(30, random, new Set(company.people.map(({ email }) => email)));
  const names = random.sample([...known, open, guarded, ...strangers], 90);
  const moments = spread(startsAt, 120 * SECOND, names.length, random);
  for (const [i, at] of moments.entries()) {
    const name = names[i] ?? open;
    const place = random.int(0, addresses.length - 1);
    const ip = addresses[place] ?? '';
    const userAgent = oldBrowsers[place % oldBrowsers.length] ?? '';
    if (typeof name === 'string') {
      yield unknownTry(campaign, at, { subject: name, ip, userAgent, application: 'Webmail' });
      continue;
    }
    const visit = strangerVisit(campaign, name, 'Webmail', ip, device);
    const password = `leak/${name.index}`;
    if (name === open) yield scripted(hit(visit, at, password), userAgent);
    else if (name === guarded) {
      const asked = { outcome: 'challenge', reason: 'factor_required', factor: name.factor, password } as const;
      yield scripted(attemptOf(visit, at, asked), userAgent);
    } else yield scripted(missed(visit, at, password), userAgent);
  }
}

/** People who left long ago, or never were here. */
function strangeNames(count: number, random: Random, taken: ReadonlySet<string>): string[] {
  const cities = Object.values(namesIn);
  const found = new Set<string>();
  while (found.size < count) {
    const name = `${random.pick(random.pick(cities).given)} ${random.pick(random.pick(cities).family)}`;
    const email = `${mailPart(name)}@example.com`;
    if (!taken.has(email)) found.add(email);
  }
  return [...found];
}
