import { DAY, HOUR } from './calendar.js';
import { addressIn, blocksFor, type Block } from './networks.js';
import type { Person } from './people.js';
import { isOfficeCity } from './places.js';
import { hash32, type Random } from './random.js';
import type { Stay } from './stays.js';

/** How many public addresses a carrier's gateway shares among its customers here. */
const CARRIER_ADDRESSES = 24;

/** Each office leaves through two lines; a person's traffic takes the same one. */
export function officeAddress(city: string, person: Person): string {
  return addressIn(only('office', city), 9 + (person.index % 2));
}

/** The warehouse has a line of its own beside the Rotterdam office. */
export const warehouseAddress = (): string => addressIn(only('office', 'Rotterdam'), 129);

export function homeAddress(person: Person, at: number): string {
  const { block, host, changes } = person.home;
  const lease = changes ? Math.floor((at + person.index * DAY) / (14 * DAY)) : 0;
  return addressIn(block, (host + hash32(`lease/${lease}`) * Math.sign(lease)) % 254);
}

/** A carrier gives a phone another shared address every hour or so. */
function mobileAddress(block: Block, person: Person, at: number): string {
  const hour = Math.floor((at + person.index * 97_000) / HOUR);
  return addressIn(block, 40 + (hash32(`${person.index}/${hour}`) % CARRIER_ADDRESSES));
}

/** The address a laptop or terminal is seen under. */
export function laptopAddress(person: Person, stay: Stay, at: number): string {
  if (stay.spot === 'warehouse') return warehouseAddress();
  if (stay.spot === 'office') return officeAddress(stay.city.name, person);
  if (stay.city.name !== person.city.name) return hotelAddress(person, stay, at);
  if (person.hidesBehind)
    return addressIn(person.hidesBehind, 60 + (hash32(`${person.index}/${Math.floor(at / DAY)}`) % 40));
  return homeAddress(person, at);
}

/** Phones are on wireless networks indoors most of the time, and on the carrier's elsewhere. */
export function phoneAddress(person: Person, stay: Stay, at: number, random: Random): string {
  const away = stay.city.name !== person.city.name;
  if (stay.spot === 'on-the-move' || random.chance(0.2)) {
    return mobileAddress(away ? pickFor(person, blocksFor('mobile', stay.city.name)) : person.carrier, person, at);
  }
  if (stay.spot === 'office' && isOfficeCity(stay.city.name)) return officeAddress(stay.city.name, person);
  if (stay.spot === 'warehouse') return warehouseAddress();
  return away ? hotelAddress(person, stay, at) : homeAddress(person, at);
}

/** A hotel's guests share a handful of addresses; a stay keeps to one for about a week. */
function hotelAddress(person: Person, stay: Stay, at: number): string {
  const week = Math.floor(at / (7 * DAY));
  const block = pickFor(person, blocksFor('hotel', stay.city.name));
  return addressIn(block, 200 + (hash32(`${person.index}/${stay.city.name}/${week}`) % 6));
}

const pickFor = (person: Person, blocks: readonly Block[]): Block => {
  const block = blocks[person.index % blocks.length];
  if (!block) throw new RangeError('No network to pick from');
  return block;
};

function only(use: 'office', city: string): Block {
  const [block] = blocksFor(use, city);
  if (!block) throw new RangeError(`No ${use} in ${city}`);
  return block;
}
