/** What a rule did about an alert, for its history, e.g. `By rule of policy version 7: ended 1 session, refused 2 addresses for 60 min`. */
export function sayResponded(version: number, numbers: Record<'sessions' | 'sources' | 'minutes', number>): string {
  const { sessions, sources, minutes } = numbers;
  const parts = [
    ...(sessions > 0 ? [`ended ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`] : []),
    ...(sources > 0 ? [`refused ${sources} ${sources === 1 ? 'address' : 'addresses'} for ${minutes} min`] : []),
  ];
  return `By rule of policy version ${version}: ${parts.join(', ')}`;
}
