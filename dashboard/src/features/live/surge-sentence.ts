import type { Distinct, RolledRow, SurgeFrame } from '../../api/types.js';
import { outcomeWord } from '../../live/filters.js';
import { networkShort } from '../../ui/naming.js';
import type { Part } from '../../ui/signal-sentence.js';
import { count, isolate, whole } from '../../ui/wording.js';

const text = (value: string): Part => ({ text: value });

/** `5,000+ addresses` where there are more than were told apart. */
export const distinctWords = ({ count: number, atLeast }: Distinct, noun: string): string =>
  atLeast ? `more than ${count(number, noun)}` : count(number, noun);

/** Whom a row is about, in words. */
export function whoWords({ who }: RolledRow): string {
  if (who.kind === 'one') return who.person?.name ?? who.subject;
  return distinctWords(who.distinct, who.kind === 'people' ? 'person' : 'unknown name');
}

/** Sums over the rows of one network, as they stand in the frame. */
function busiest(frame: SurgeFrame) {
  const networks = new Map<string, { row: RolledRow; perSecond: number; success: number }>();
  for (const row of frame.rows) {
    const key = networkShort(row.network);
    const sum = networks.get(key) ?? { row, perSecond: 0, success: 0 };
    sum.perSecond += row.perSecond;
    if (row.outcome === 'success') sum.success += row.attempts;
    networks.set(key, sum);
  }
  return [...networks.values()].sort((a, b) => b.perSecond - a.perSecond)[0];
}

/** Where the flood comes from, whether somebody got in from there, and how everybody else fares. @param since as the clock shows it */
export function surgeSentence(frame: SurgeFrame, since: string): Part[] {
  const source = busiest(frame);
  const rate = `${whole(frame.perSecond)} attempts a second`;
  const parts: Part[] = [];
  // Only where most of it comes from one network is that network the news.
  if (source && source.perSecond * 2 > frame.perSecond) {
    const { row, success } = source;
    const got = success === 0 ? 'nobody got in from there' : `${count(success, 'sign-in')} from there`;
    parts.push(
      {
        text: isolate(networkShort(row.network)),
        ...(row.network.asn === null ? {} : { href: `/live?asn=${row.network.asn}` }),
      },
      text(` sends most of ${rate} since ${since}; ${got}.`),
    );
  } else parts.push(text(`${rate} since ${since}, from many networks.`));
  const people = { text: count(frame.signedIn.count, 'person'), href: `/live?outcome=${outcomeWord('success')}` };
  return [...parts, text(' '), people, text(' signed in meanwhile.')];
}
