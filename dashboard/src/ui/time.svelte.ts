/**
 * Every date and time on the screen comes from here, in one zone that the top bar shows and switches.
 * One formatter per shape and zone is kept: making one for each row costs five times the script time.
 */
const LANGUAGE = 'en-GB';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type ZoneChoice = 'mine' | 'organisation' | 'utc';
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

class ZoneSwitch {
  choice = $state<ZoneChoice>('mine');
  /** IANA zone of the organisation, known after sign-in. */
  organisation = $state(ownZone);

  get name(): string {
    if (this.choice === 'utc') return 'UTC';
    return this.choice === 'organisation' ? this.organisation : ownZone;
  }

  /** `Lisbon time`, or `UTC`. */
  get label(): string {
    if (this.name === 'UTC' || this.name === 'Etc/UTC') return 'UTC';
    const city = this.name.split('/').at(-1) ?? this.name;
    return `${city.replaceAll('_', ' ')} time`;
  }

  /** The next choice that would show something else. */
  next(): void {
    const order: ZoneChoice[] = ['mine', 'organisation', 'utc'];
    const shown = this.name;
    for (let step = 0; step < order.length && this.name === shown; step++) {
      this.choice = order[(order.indexOf(this.choice) + 1) % order.length] ?? 'mine';
    }
  }
}
export const zone = new ZoneSwitch();

/** The present, in steps of 10 s while the page is visible: enough for "4 min ago", and nothing runs in the background. */
class Clock {
  now = $state(Date.now());

  constructor() {
    setInterval(() => {
      if (!document.hidden) this.now = Date.now();
    }, 10_000);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.now = Date.now();
    });
  }
}
export const clock = new Clock();

const shapes = {
  minute: { hour: '2-digit', minute: '2-digit' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  milli: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  day: { day: 'numeric', month: 'short' },
  dayOfYear: { day: 'numeric', month: 'short', year: 'numeric' },
  weekday: { weekday: 'short', day: 'numeric', month: 'short' },
  full: {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  },
  // A day as text that can be compared.
  key: { year: 'numeric', month: '2-digit', day: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type TimeShape = keyof typeof shapes;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** An instant in one of the shapes above, in the zone that is switched on. */
export function showTime(at: string | number | Date, shape: TimeShape): string {
  const key = `${shape} ${zone.name}`;
  let format = formatters.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(LANGUAGE, { ...shapes[shape], hourCycle: 'h23', timeZone: zone.name });
    formatters.set(key, format);
  }
  return format.format(typeof at === 'string' ? new Date(at) : at);
}

/** `today 14:09`, `yesterday 18:40`, `21 Nov 18:40`, and with the year where it is not this one. */
export function dayAndTime(at: string | number, now: number = clock.now): string {
  return `${dayOnly(at, now)} ${showTime(at, 'minute')}`;
}

/** `today`, `yesterday`, `21 Nov`, `2 Oct 2025`. */
export function dayOnly(at: string | number, now: number = clock.now): string {
  const day = showTime(at, 'key');
  if (day === showTime(now, 'key')) return 'today';
  if (day === showTime(now - DAY, 'key')) return 'yesterday';
  return showTime(at, day.slice(-4) === showTime(now, 'key').slice(-4) ? 'day' : 'dayOfYear');
}

/** The time as well while a person would still remember it, a week; only the day after that. */
export function dayMaybeTime(at: string | number, now: number = clock.now): string {
  return now - new Date(at).getTime() < 7 * DAY ? dayAndTime(at, now) : dayOnly(at, now);
}

/** `just now`, `4 min ago`, `3 h ago`; from a day on, the day and the time. */
export function ago(at: string | number, now: number = clock.now): string {
  const passed = now - new Date(at).getTime();
  if (passed < MINUTE) return 'just now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  return dayAndTime(at, now);
}

/** How long until an instant, in the unit a person would use: `7 days`, `3 h`, `12 min`. */
export function until(at: string | number, now: number = clock.now): string {
  const left = Math.max(0, new Date(at).getTime() - now);
  if (left >= 2 * DAY) return `${Math.round(left / DAY)} days`;
  if (left >= 2 * HOUR) return `${Math.round(left / HOUR)} h`;
  return `${Math.max(1, Math.round(left / MINUTE))} min`;
}
