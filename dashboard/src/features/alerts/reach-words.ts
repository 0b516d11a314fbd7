import type { AlertReach, ContainmentReceipt } from '../../api/types.js';
import { count, isolate, list, whole } from '../../ui/wording.js';

type Reach = Pick<AlertReach, 'people' | 'peopleCount' | 'sessions' | 'passwords' | 'sources'>;

/** Whether containing would do anything but close the alert. */
export const reachesSomething = ({ sessions, passwords, sources }: Reach): boolean =>
  sessions + passwords + sources > 0;

/** Whether containing is asked about first: an attack of several alerts is, one takeover of one person is one thing to do. */
export const asksFirst = ({ alerts, peopleCount }: Pick<AlertReach, 'alerts' | 'peopleCount'>): boolean =>
  alerts > 1 && peopleCount !== 1;

/** The exact effect before it is done, e.g. `ends 12 sessions of 9 people, demands 9 new passwords and refuses 3 addresses for an hour`. */
export function reachWords({ people, peopleCount, sessions, passwords, sources }: Reach): string {
  const [only] = people;
  const whose = peopleCount === 1 && only ? isolate(only.name) : count(peopleCount, 'person');
  const parts = [
    ...(sessions > 0 ? [`ends ${count(sessions, 'session')} of ${whose}`] : []),
    ...(passwords > 0
      ? [
          passwords === 1
            ? `demands a new password${sessions > 0 ? '' : ` of ${whose}`}`
            : `demands ${whole(passwords)} new passwords`,
        ]
      : []),
    ...(sources > 0 ? [`refuses ${count(sources, 'address')} for an hour`] : []),
  ];
  return parts.length === 0 ? 'has nothing left to end or refuse' : list(parts);
}

/** What was done, e.g. `4 sessions ended, 1 new password demanded and 3 addresses refused`. */
export function doneWords({
  people,
  throttledSources,
}: Pick<ContainmentReceipt, 'people' | 'throttledSources'>): string {
  const sessions = people.reduce((sum, { sessionsEnded }) => sum + sessionsEnded, 0);
  const passwords = people.filter(({ passwordRequired }) => passwordRequired).length;
  const parts = [
    ...(sessions > 0 ? [`${count(sessions, 'session')} ended`] : []),
    ...(passwords > 0 ? [`${count(passwords, 'new password')} demanded`] : []),
    ...(throttledSources > 0 ? [`${count(throttledSources, 'address')} refused for an hour`] : []),
  ];
  return parts.length === 0 ? 'There was nothing left to end or refuse' : list(parts);
}
