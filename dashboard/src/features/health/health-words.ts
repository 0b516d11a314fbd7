import type { HealthFault, HealthFinding, SystemHealth } from '../../api/types.js';
import type { Part } from '../../ui/signal-sentence.js';
import { dayAndTime } from '../../ui/time.svelte.js';
import { count, list } from '../../ui/wording.js';

type Words = {
  /** What is wrong; the sentence ends after it, or after since when. */
  what: (finding: HealthFinding) => Part[];
  /** What to do about it. */
  advice: string;
  /** Where more of it is told. */
  more?: { href: string; label: string };
};

const plain = (text: string): Part[] => [{ text }];
const data = (text: string | null): Part => ({ text: text ?? 'unknown', data: true });
const number = ({ count: value }: HealthFinding): number => value ?? 0;

const mail = { href: '/settings/mail', label: 'Mail' };
const webhook = { href: '/settings/webhook', label: 'Webhook' };

export const faultWords: Record<HealthFault, Words> = {
  no_worker: {
    what: () => plain('No worker runs: attempts are recorded, but not scored, and nobody is told of anything'),
    advice: 'Start one. Nothing is lost: it takes up what has waited.',
  },
  lane_idle: {
    what: () => plain('Workers run, but none of them scores'),
    advice: 'Look into the log of the workers, and start them again.',
  },
  redis_lost: {
    what: () => plain('Redis doesn’t answer: limits deny, and screens are not told of what happens'),
    advice: 'Start it, or look why this server can’t reach it. Nothing recorded is lost.',
  },
  storage_full: {
    what: () => plain('The disk of the database is nearly full'),
    advice: 'Make room at once, or shorten RETENTION_DAYS: a full disk refuses every attempt.',
  },
  storage_low: {
    what: () => plain('The disk of the database gets full'),
    advice: 'Make room, or shorten RETENTION_DAYS.',
  },
  no_partition: {
    what: () => plain('Next month’s attempts have nowhere to go'),
    advice: 'The sweep makes that room two months ahead and doesn’t: look into the log of the workers.',
  },
  schema_behind: {
    what: (finding) => plain(`The database lacks ${count(number(finding), 'migration')}`),
    advice: 'Run “gatehouse migrate”.',
  },
  process_missing: {
    what: ({ subject }) => [data(subject), { text: ' is not heard of' }],
    advice:
      'The others do its work. Start it again there; if it was taken away on purpose, it is forgotten after a day.',
  },
  backlog: {
    what: (finding) => [
      { text: count(number(finding), 'attempt') },
      { text: number(finding) === 1 ? ' waits' : ' wait' },
      { text: ' to be scored' },
    ],
    advice: 'A burst is worked off by itself. If it keeps growing, look into the log of the worker that scores.',
  },
  sweep_late: {
    what: () => plain('Housekeeping has not come to its end'),
    advice: 'Sessions still end in time, but retention doesn’t run. Look into the log of the workers.',
  },
  mail_stuck: {
    what: (finding) => plain(`${count(number(finding), 'message')} to people can’t be sent`),
    advice: 'They are tried again for a day. See what the mail server answers.',
    more: mail,
  },
  mail_failed: {
    what: (finding) => plain(`${count(number(finding), 'message')} could not be sent in the last 24 hours`),
    advice: 'See what the mail server or the gateway answered.',
    more: { ...mail, href: '/settings/mail?state=failed' },
  },
  webhook_off: {
    what: () => plain('The webhook is off, as its target took nothing for too long'),
    advice: 'Mend the target and turn the webhook on again.',
    more: webhook,
  },
  webhook_failing: {
    what: () => plain('The webhook’s target takes no messages'),
    advice: 'They are tried again for a day, then the webhook is turned off.',
    more: webhook,
  },
  set_aside: {
    what: (finding) =>
      plain(
        `${count(number(finding), 'attempt')} of the last 7 days could not be scored and ${number(finding) === 1 ? 'was' : 'were'} set aside`,
      ),
    advice: 'The alert about it says why.',
    more: { href: '/alerts', label: 'Inbox' },
  },
  versions_differ: {
    what: (finding) => plain(`${count(number(finding), 'version')} of Gatehouse run together`),
    advice: 'Fine while you upgrade. Restart the processes of the former version.',
  },
};

/** What is wrong and since when, as one sentence without its full stop. */
export function faultParts(finding: HealthFinding): Part[] {
  const since = finding.since === null ? [] : [{ text: `, since ${dayAndTime(finding.since)}` }];
  return [...faultWords[finding.fault].what(finding), ...since];
}

/** The page's sentence: all is well, or the worst of what is wrong. */
export function healthSentence(health: SystemHealth): Part[] {
  const [worst, ...others] = health.findings;
  if (worst) {
    const more = others.length === 0 ? '.' : `; and ${count(others.length, 'other thing')} to look at.`;
    return [...faultParts(worst), { text: more }];
  }
  const alive = (kind: string): number =>
    health.processes.filter((one) => one.kind === kind && one.state === 'alive').length;
  const running = list([count(alive('server'), 'server'), count(alive('worker'), 'worker')]);
  const { waiting } = health.scoring;
  return plain(
    `All is well: ${running} run, ${waiting === 0 ? 'nothing waits' : `${count(waiting, 'attempt')} on the way`}.`,
  );
}

/** How the database grows, in bytes a day; null until it is known for a day. */
export function growthPerDay({ database, measuredAt }: SystemHealth): number | null {
  if (!database.before) return null;
  const days = (Date.parse(measuredAt) - Date.parse(database.before.at)) / 86_400_000;
  return days < 1 ? null : (database.bytes - database.before.bytes) / days;
}
