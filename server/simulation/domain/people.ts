import type { Factor } from '../../contracts/attempts.js';
import type { NewPerson } from '../../contracts/people.js';
import { devicesFor, type Devices } from './devices.js';
import { mailPart, namesIn } from './names.js';
import { blocksFor, type Block } from './networks.js';
import { officeCities, type City, type OfficeCity } from './places.js';
import { seeded, type Random } from './random.js';
import { cast, divisionHeads, teams, type Team } from './teams.js';

/** How somebody works: at a desk on some weekdays, or in shifts of a rota. */
export type Rhythm =
  | {
      kind: 'desk';
      /** 1 = Monday … 5 = Friday. */
      workdays: readonly number[];
      officeDays: readonly number[];
      /** Local hours, with fraction. */
      begins: number;
      hours: number;
    }
  | { kind: 'shift'; /** Which third of the rota, so that all three shifts are always manned. */ crew: number };

export type Person = {
  index: number;
  name: string;
  email: string;
  username: string;
  title: string;
  team: string;
  managerEmail: string | null;
  manages: boolean;
  city: City & { name: OfficeCity };
  rhythm: Rhythm;
  /** Chance of a business trip in a week. */
  travels: number;
  writesCode: boolean;
  /** The second factor; `password` = none. */
  factor: Factor;
  devices: Devices;
  home: {
    block: Block;
    host: number;
    /** The provider hands out a new address about every two weeks. */ changes: boolean;
  };
  carrier: Block;
  /** A private VPN that hides where this person is. */
  hidesBehind: Block | null;
};

export type Company = { seed: number; people: readonly Person[] };

type Post = {
  team: string;
  city: OfficeCity;
  title: string;
  boss: number | null;
  manages: boolean;
  traits: Pick<Team, 'shifts' | 'writesCode' | 'travels'>;
  name?: string;
  passwordOnly?: true;
};

/** Every post of the reporting line, superiors before those who report to them. */
function posts(): Post[] {
  const line: Post[] = [post('Direction', 'Lisbon', 'Chief executive', null)];
  for (const head of divisionHeads) line.push(post('Direction', head.city, head.title, 0));
  for (const team of teams) {
    const lead = line.length;
    const head = 1 + divisionHeads.findIndex(({ division }) => division === team.division);
    for (let place = 0; place < team.size; place++) {
      const known = cast[team.name]?.[place];
      const title = place === 0 ? team.leadTitle : (team.titles[place % team.titles.length] ?? team.leadTitle);
      line.push({
        team: team.name,
        city: known?.city ?? team.city,
        title,
        boss: place === 0 ? head : lead,
        manages: place === 0,
        traits: { ...team, travels: place === 0 ? team.travels * 1.5 : team.travels },
        ...(known && { name: known.name }),
        ...(known?.passwordOnly && { passwordOnly: true }),
      });
    }
  }
  return line;
}

const post = (team: string, city: OfficeCity, title: string, boss: number | null): Post => ({
  team,
  city,
  title,
  boss,
  manages: true,
  traits: { travels: 0.2 },
});

/** The company: 200 people, the same for the same seed. */
export function companyOf(seed: number): Company {
  const taken = new Set(Object.values(cast).flatMap((members) => members.map(({ name }) => mailPart(name))));
  const people: Person[] = [];
  for (const [index, at] of posts().entries()) {
    const random = seeded(seed, 'person', index);
    const name = at.name ?? freeName(at.city, taken, random);
    const boss = at.boss === null ? null : people[at.boss];
    people.push(personAt(at, { index, name, managerEmail: boss?.email ?? null }, random));
  }
  return { seed, people };
}

function freeName(city: OfficeCity, taken: Set<string>, random: Random): string {
  const { given, family } = namesIn[city];
  for (;;) {
    const name = `${random.pick(given)} ${random.pick(family)}`;
    const key = mailPart(name);
    if (taken.has(key)) continue;
    taken.add(key);
    return name;
  }
}

function personAt(
  at: Post,
  known: { index: number; name: string; managerEmail: string | null },
  random: Random,
): Person {
  const mail = mailPart(known.name);
  const writesCode = at.traits.writesCode === true;
  return {
    ...known,
    email: `${mail}@example.com`,
    // Log-in names of their own kind, so that matching by user name is exercised as well as by e-mail.
    username: mail.replaceAll('.', '_'),
    title: at.title,
    team: at.team,
    manages: at.manages,
    city: officeCities[at.city],
    rhythm: at.traits.shifts && !at.manages ? { kind: 'shift', crew: known.index % 3 } : deskRhythm(at, random),
    travels: at.traits.travels,
    writesCode,
    factor: at.passwordOnly ? 'password' : factorFor(at, random),
    devices: devicesFor(mail, writesCode, random),
    home: { block: random.pick(blocksFor('home', at.city)), host: random.int(0, 253), changes: random.chance(0.4) },
    carrier: random.pick(blocksFor('mobile', at.city)),
    hidesBehind: random.chance(0.02) ? random.pick(blocksFor('vpn')) : null,
  };
}

function deskRhythm(at: Post, random: Random): Rhythm {
  const partTime = !at.manages && random.chance(0.14);
  const workdays = partTime ? random.sample([1, 2, 3, 4, 5], random.int(2, 4)) : [1, 2, 3, 4, 5];
  // Payroll and customs papers lie in the office; everyone else is there about three days a week.
  const officeShare = at.traits.shifts || at.team === 'Payroll' || at.team === 'Customs' ? 1 : 0.6;
  return {
    kind: 'desk',
    workdays,
    officeDays: workdays.filter(() => random.chance(officeShare)),
    begins: Math.min(10, Math.max(7, random.normal(8.6, 0.7))),
    hours: partTime && random.chance(0.5) ? 5 : 8.5,
  };
}

function factorFor(at: Post, random: Random): Factor {
  if (at.traits.shifts) return 'password';
  const draw = random.next();
  if (at.traits.writesCode) return draw < 0.45 ? 'passkey' : draw < 0.8 ? 'totp' : 'push';
  return draw < 0.52 ? 'push' : draw < 0.74 ? 'totp' : draw < 0.84 ? 'sms' : draw < 0.9 ? 'passkey' : 'password';
}

/** The company as `POST /api/v1/people` takes it, superiors first. */
export const directoryOf = (company: Company): NewPerson[] =>
  company.people.map((person) => ({
    email: person.email,
    name: person.name,
    username: person.username,
    title: person.title,
    role: person.manages ? 'manager' : 'user',
    ...(person.managerEmail !== null && { managerEmail: person.managerEmail }),
  }));
