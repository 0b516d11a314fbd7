/** What a containment did, in words for a history, e.g. `4 sessions ended, 1 new password demanded, 3 addresses refused for 60 min`. */
export function sayContained(numbers: Record<'sessions' | 'passwords' | 'sources' | 'minutes', number>): string {
  const { sessions, passwords, sources, minutes } = numbers;
  const parts = [
    ...(sessions > 0 ? [`${sessions} ${sessions === 1 ? 'session' : 'sessions'} ended`] : []),
    ...(passwords > 0 ? [`${passwords} new ${passwords === 1 ? 'password' : 'passwords'} demanded`] : []),
    ...(sources > 0 ? [`${sources} ${sources === 1 ? 'address' : 'addresses'} refused for ${minutes} min`] : []),
  ];
  return parts.length === 0 ? 'There was nothing to do' : parts.join(', ');
}
