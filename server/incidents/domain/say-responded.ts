/** What a rule did about an alert; `minutes`: for how long. */
export type Done = Record<'sessions' | 'sources' | 'challenged' | 'minutes', number>;
export const nothingDone: Done = { sessions: 0, sources: 0, challenged: 0, minutes: 0 };

/** For the history of an alert, e.g. `By rule of policy version 7: ended 1 session`. */
export function sayResponded(version: number, { sessions, sources, challenged, minutes }: Done): string {
  const parts = [
    ...(sessions > 0 ? [`ended ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`] : []),
    ...(sources > 0 ? [`refused ${sources} ${sources === 1 ? 'address' : 'addresses'} for ${minutes} min`] : []),
    ...(challenged > 0
      ? [`asks a second factor at the next sign-in of ${people(challenged)}, for ${hours(minutes)} at most`]
      : []),
  ];
  return `By rule of policy version ${version}: ${parts.join(', ')}`;
}

/** What a rule could not do, and what is to be done now. */
export function sayFailed(
  version: number,
  act: 'end_sessions' | 'throttle_source' | 'challenge_next',
  tries: number,
): string {
  const failed = {
    end_sessions: 'the sessions could not be ended. Contain the alert to end them',
    throttle_source: 'the addresses could not be refused. Contain the alert to refuse them',
    challenge_next: 'no second factor could be asked for. Require a new password of the person instead',
  };
  return `By rule of policy version ${version}, tried ${tries} times: ${failed[act]}`;
}

const people = (count: number): string => (count === 1 ? 'one person' : `${count} people`);
const hours = (minutes: number): string => (minutes === 60 ? '1 hour' : `${minutes / 60} hours`);
