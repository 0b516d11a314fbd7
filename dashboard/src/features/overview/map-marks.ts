import type { OverviewLists, Place } from '../../api/types.js';
import { count, countryName, kilometres, span, whole } from '../../ui/wording.js';
import { greatCircle, MAP, pixelsOf, project, type Point } from './projection.js';

/** A place on the map: the area of its dot stands for its attempts. */
export type Mark = {
  key: string;
  name: string;
  words: string;
  point: Point;
  radius: number;
  /** Circle within which the place lies, where that is more than its dot. */ accuracy: number | null;
  critical: boolean;
  label: Label | null;
};
type Label = { x: number; y: number; anchor: 'start' | 'end' };

export type Arc = {
  key: string;
  href: string;
  path: string;
  at: Point;
  anchor: 'start' | 'end';
  person: string;
  words: string;
};

const RADIUS = { least: 1.5, most: 13, ring: 7 };
/** Places nearer than this are one dot, in pixels. */
const NEAR = 8;
/** Places that are named on the map, as far as their names don't run into each other. */
const NAMED = 6;
const LETTER = 6.4;
const LINE = 15;

/** Dots and names for places; those that would lie upon each other are one, named after the largest. */
export function marksOf(places: OverviewLists['places']): Mark[] {
  const groups = grouped(places);
  const most = Math.max(1, ...groups.map(({ attempts }) => attempts));
  const marks = groups.map((group) => markOf(group, most));
  const taken: Box[] = marks.map(({ point, radius }) => around(point, radius));
  const named = [...marks.keys()].sort((a, b) => Number(marks[b]?.critical) - Number(marks[a]?.critical) || a - b);
  for (const index of named.slice(0, NAMED)) {
    const mark = marks[index];
    if (mark) mark.label = labelAt(mark, taken, index);
  }
  return marks;
}

type Group = { place: Place; attempts: number; critical: number; places: number; point: Point };

/** The most attempts first, so that a group lies where most of it is. */
function grouped(places: OverviewLists['places']): Group[] {
  const groups: Group[] = [];
  for (const { place, attempts, critical } of [...places].sort((a, b) => b.attempts - a.attempts)) {
    const point = project(place);
    // What is critical keeps its own ring, wherever it is.
    const near =
      critical > 0 ? undefined : groups.find((group) => group.critical === 0 && distance(group.point, point) < NEAR);
    if (!near) groups.push({ place, attempts, critical, places: 1, point });
    else {
      near.attempts += attempts;
      near.places += 1;
    }
  }
  return groups.sort((a, b) => b.attempts - a.attempts);
}

function markOf({ place, attempts, critical, places, point }: Group, most: number): Mark {
  const radius = Math.max(RADIUS.least, RADIUS.most * Math.sqrt(attempts / most));
  const accuracy = pixelsOf(place.accuracyKm);
  const more = [
    ...(places > 1 ? [count(places, 'place')] : []),
    ...(critical > 0 ? [`${whole(critical)} critical`] : []),
  ];
  return {
    key: `${place.country} ${place.city ?? ''} ${place.latitude} ${place.longitude}`,
    name: place.city ?? countryName(place.country),
    words: [whole(attempts), ...more].join(', '),
    point,
    radius: critical > 0 ? Math.max(RADIUS.ring, radius) : radius,
    accuracy: accuracy > radius + 1 ? accuracy : null,
    critical: critical > 0,
    label: null,
  };
}

/** Beside the dot where nothing else is: on its right, or else on its left. */
function labelAt({ name, words, point, radius }: Mark, taken: Box[], own: number): Label | null {
  const width = `${name} ${words}`.length * LETTER;
  for (const anchor of ['start', 'end'] as const) {
    const x = anchor === 'start' ? point.x + radius + 6 : point.x - radius - 6;
    const left = anchor === 'start' ? x : x - width;
    const box = { left, right: left + width, top: point.y - LINE / 2, bottom: point.y + LINE / 2 };
    const free = taken.every((other, index) => index === own || !overlap(box, other));
    if (!free || left < 0 || box.right > MAP.width) continue;
    taken.push(box);
    return { x, y: point.y + 4, anchor };
  }
  return null;
}

type Box = { left: number; right: number; top: number; bottom: number };
const around = ({ x, y }: Point, radius: number): Box => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
});
const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Journeys that nobody can have made, over the globe's shortest way. */
export function arcsOf(travels: OverviewLists['travels']): Arc[] {
  return travels.map(({ alertId, person, from, to, km, minutes }) => {
    const pieces = greatCircle(from, to);
    const middle = pieces.flat();
    const at = middle[Math.floor(middle.length / 2)] ?? project(to);
    return {
      key: alertId,
      href: `/alerts/${alertId}`,
      path: pieces.map((piece) => `M${piece.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`).join(''),
      at,
      anchor: at.x > MAP.width * 0.7 ? 'end' : 'start',
      person,
      words: `${kilometres(km)} in ${span(minutes)}`,
    };
  });
}
