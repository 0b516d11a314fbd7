import type { ContainmentReceipt, IncidentDetail, IncidentView } from '../../api/types.js';
import { between, count, list } from '../../ui/wording.js';

/** What happened in one sentence of exact numbers. */
export function headline(incident: IncidentView): string {
  const { sources, subjects, gotIn, failures, firstAt, lastAt } = incident;
  const who = `${count(sources, 'address')} tried ${count(subjects, 'account')} in ${between(firstAt, lastAt)}`;
  return `${who} and failed ${count(failures, 'time')}; ${gotIn === 0 ? 'none got in' : `somebody got into ${count(gotIn, 'account')}`}.`;
}

type IncidentEvent = IncidentDetail['history'][number];

/** One line of its history, without its time. */
export function incidentEventWords({ kind, by, detail }: IncidentEvent): string {
  const value = (name: string): number => Number(detail?.[name] ?? 0);
  switch (kind) {
    case 'opened':
      return 'First attempt';
    case 'alert_joined':
      return `${detail?.['number'] ?? 'An alert'} joined`;
    case 'merged':
      return `${detail?.['number'] ?? 'Another incident'} turned out to be the same attack`;
    case 'severity_raised':
      return `Severity went up: ${detail?.['from']} → ${detail?.['to']}`;
    case 'reopened':
      return 'Opened again, as one more alert joined';
    case 'contained':
      return `${detail?.['policyVersion'] === undefined ? (by ?? 'Somebody') : `A rule of policy version ${detail['policyVersion']}`} contained it: ${contained(
        {
          sessions: value('sessions'),
          passwords: value('passwords'),
          sources: value('sources'),
          challenged: value('challenged'),
        },
      )}`;
    case 'released':
      return `${by ?? 'Somebody'} let ${count(value('sources'), 'address')} sign in again`;
  }
}

/** What a containment did, as far as it did something. */
export function contained({
  sessions,
  passwords,
  sources,
  challenged = 0,
}: Record<'sessions' | 'passwords' | 'sources', number> & { challenged?: number }): string {
  const parts = [
    ...(sessions > 0 ? [`${count(sessions, 'session')} ended`] : []),
    ...(passwords > 0 ? [`${count(passwords, 'new password')} demanded`] : []),
    ...(sources > 0 ? [`${count(sources, 'address')} refused`] : []),
    ...(challenged > 0 ? [`a second factor asked at the next sign-in of ${count(challenged, 'person')}`] : []),
  ];
  return parts.length === 0 ? 'there was nothing to do' : list(parts);
}

export const numbersOf = ({ people, throttledSources }: ContainmentReceipt) => ({
  sessions: people.reduce((sum, { sessionsEnded }) => sum + sessionsEnded, 0),
  passwords: people.filter(({ passwordRequired }) => passwordRequired).length,
  sources: throttledSources,
});
