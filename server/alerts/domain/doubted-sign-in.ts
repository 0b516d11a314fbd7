import type { AlertView } from '../../contracts/alerts.js';
import type { AttemptRow } from '../../contracts/attempts.js';

type Doubted = { attemptId: string; person: { id: string; name: string } };

/**
 * The newest sign-in of an alert that its person can be asked about: their own, where the alert is about them; otherwise one of
 * those that somebody got into.
 * @param attempts newest first
 */
export function doubtedSignIn(
  { person, evidence, simulated }: Pick<AlertView, 'person' | 'evidence' | 'simulated'>,
  attempts: readonly AttemptRow[],
): Doubted | null {
  if (simulated) return null;
  const inside = new Set(evidence.topSubjects.flatMap((one) => (one.gotIn && one.person ? [one.person.id] : [])));
  const found = attempts.find(
    (attempt) =>
      attempt.outcome === 'success' &&
      attempt.person !== null &&
      (person === null ? inside.has(attempt.person.id) : attempt.person.id === person.id),
  );
  return found?.person ? { attemptId: found.id, person: found.person } : null;
}
