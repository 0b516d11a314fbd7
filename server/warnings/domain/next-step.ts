import { LINE_STEPS } from '../../contracts/warnings.js';

/** Who is told next of an alert that nobody answered. */
export type NextStep = {
  step: 'line' | 'security';
  receivers: string[];
  /** Whether somebody is left to be told after them. */
  more: boolean;
};

/**
 * The nearest manager who was not told yet, up to {@link LINE_STEPS} of them, then everybody of security at once.
 * @param line managers above the person as they are now, nearest first
 * @param told who was told before
 */
export function nextStep(
  line: readonly string[],
  security: readonly string[],
  told: readonly { id: string; step: string }[],
): NextStep | undefined {
  if (told.some(({ step }) => step === 'security')) return undefined;
  const known = new Set(told.map(({ id }) => id));
  const staff = security.filter((id) => !known.has(id));
  const [manager] = line.slice(0, LINE_STEPS).filter((id) => !known.has(id));
  if (manager !== undefined && told.length < LINE_STEPS) {
    const later =
      told.length + 1 < LINE_STEPS && line.slice(0, LINE_STEPS).some((id) => id !== manager && !known.has(id));
    return { step: 'line', receivers: [manager], more: later || staff.some((id) => id !== manager) };
  }
  return staff.length > 0 ? { step: 'security', receivers: staff, more: false } : undefined;
}
