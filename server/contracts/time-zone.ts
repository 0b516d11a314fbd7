import { z } from 'zod';

/** Whether dates can be shown in this zone. */
function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A time zone by its name in the tz database. */
export const timeZone = z.string().max(64).refine(isTimeZone, 'must be the name of a time zone, such as Europe/Lisbon');
