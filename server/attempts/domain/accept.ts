import { FUTURE_TOLERANCE_MS, type NewAttempt, newAttempt, type Rejection } from '../../contracts/attempts.js';

/** Stands for a line that isn't JSON: it is rejected by itself, and the other lines go on. */
export const unreadable = Symbol('not JSON');

const DAY_MS = 86_400_000;

/** Splits what a source sent into attempts to record and rejections that name the index and say why. */
export function sift(
  records: readonly unknown[],
  nowMs: number,
  retentionDays: number,
): { accepted: NewAttempt[]; rejected: Rejection[] } {
  const accepted: NewAttempt[] = [];
  const rejected: Rejection[] = [];
  records.forEach((record, index) => {
    if (record === unreadable) {
      rejected.push({ index, code: 'invalid_record', message: 'this line is not JSON' });
      return;
    }
    const parsed = newAttempt.safeParse(record);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      rejected.push({
        index,
        code: 'invalid_record',
        message: `${issue?.path.join('.') || 'the record'} ${issue?.message ?? 'is not valid'}`,
      });
      return;
    }
    const wrongTime = judgeTime(Date.parse(parsed.data.occurredAt), nowMs, retentionDays);
    if (wrongTime) rejected.push({ index, ...wrongTime });
    else accepted.push(parsed.data);
  });
  return { accepted, rejected };
}

function judgeTime(occurredMs: number, nowMs: number, retentionDays: number): Omit<Rejection, 'index'> | undefined {
  if (occurredMs > nowMs + FUTURE_TOLERANCE_MS) {
    return {
      code: 'occurred_in_future',
      message: 'occurredAt is more than 5 minutes ahead of our clock; check the clock or the time zone of the source',
    };
  }
  if (occurredMs < nowMs - retentionDays * DAY_MS)
    return {
      code: 'older_than_retention',
      message: `occurredAt is older than the ${retentionDays} days that are kept`,
    };
  return undefined;
}
