import type { NewAttempt } from '../../contracts/attempts.js';

/**
 * An attempt that was accepted. Its id is fixed now, so that its answer, its frames and its row agree; `occurredAt` and
 * `receivedAt` are milliseconds since 1970.
 */
export type AcceptedAttempt = Omit<NewAttempt, 'id' | 'ip' | 'occurredAt'> & {
  attemptId: string;
  applicationId: string;
  ip: string;
  occurredAt: number;
  receivedAt: number;
};

/** The reported record as it will wait in the inbox. All have the same fields in one order, which makes them quick to read. */
export const acceptAttempt = (
  record: NewAttempt,
  by: { attemptId: string; applicationId: string; occurredAt: number; receivedAt: number },
): AcceptedAttempt => ({
  attemptId: by.attemptId,
  applicationId: by.applicationId,
  occurredAt: by.occurredAt,
  receivedAt: by.receivedAt,
  subject: record.subject,
  outcome: record.outcome,
  ip: record.ip,
  userAgent: record.userAgent,
  factor: record.factor,
  deviceId: record.deviceId,
  reason: record.reason,
  sessionId: record.sessionId,
  correlationId: record.correlationId,
  passwordFingerprint: record.passwordFingerprint,
  attributes: record.attributes,
  assessmentId: record.assessmentId,
});

/**
 * Accepted attempts without their field names, and with the texts that repeat (application, client, outcome …) written once:
 * the fewer bytes, the less storing and reading them costs.
 */
type PackedAttempts = { texts: readonly string[]; receivedAt: number; attempts: readonly PackedAttempt[] };

/** Indexes into `texts` are called `…Text`; what was not given is null, or missing at the end. */
type PackedAttempt = readonly [
  attemptId: string,
  occurredAt: number,
  sinceReceivedAt: number,
  subject: string,
  ip: string,
  applicationText: number,
  outcomeText: number,
  userAgentText?: number | null,
  factorText?: number | null,
  deviceId?: string | null,
  reasonText?: number | null,
  sessionId?: string | null,
  correlationId?: string | null,
  passwordFingerprint?: string | null,
  attributes?: AcceptedAttempt['attributes'] | null,
  assessmentId?: string | null,
];

/** Attempts as JSON text. */
export function packAttempts(attempts: readonly AcceptedAttempt[]): string {
  const texts = new Map<string, number>();
  const textOf = (text: string): number => {
    let index = texts.get(text);
    if (index === undefined) texts.set(text, (index = texts.size));
    return index;
  };
  const optionalTextOf = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : textOf(text);
  const receivedAt = attempts[0]?.receivedAt ?? 0;
  const packed = attempts.map((attempt) =>
    withoutEnd([
      attempt.attemptId,
      attempt.occurredAt,
      attempt.receivedAt - receivedAt,
      attempt.subject,
      attempt.ip,
      textOf(attempt.applicationId),
      textOf(attempt.outcome),
      optionalTextOf(attempt.userAgent),
      optionalTextOf(attempt.factor),
      attempt.deviceId,
      optionalTextOf(attempt.reason),
      attempt.sessionId,
      attempt.correlationId,
      attempt.passwordFingerprint,
      attempt.attributes,
      attempt.assessmentId,
    ]),
  );
  return JSON.stringify({ texts: [...texts.keys()], receivedAt, attempts: packed });
}

/** Leaves out what is missing at the end of a row; elsewhere JSON makes it null. */
function withoutEnd(row: unknown[]): unknown[] {
  while (row.at(-1) === undefined) row.pop();
  return row;
}

/** The attempts of {@link packAttempts}. @throws SyntaxError or TypeError for a text that it didn't make */
export function unpackAttempts(text: string): AcceptedAttempt[] {
  const { texts, receivedAt, attempts } = JSON.parse(text) as PackedAttempts;
  const textAt = (index: number | null | undefined): string | undefined =>
    typeof index === 'number' ? texts[index] : undefined;
  return attempts.map((packed) => ({
    attemptId: packed[0],
    applicationId: texts[packed[5]] as string,
    occurredAt: packed[1],
    receivedAt: receivedAt + packed[2],
    subject: packed[3],
    outcome: texts[packed[6]] as AcceptedAttempt['outcome'],
    ip: packed[4],
    userAgent: textAt(packed[7]),
    factor: textAt(packed[8]) as AcceptedAttempt['factor'],
    deviceId: packed[9] ?? undefined,
    reason: textAt(packed[10]),
    sessionId: packed[11] ?? undefined,
    correlationId: packed[12] ?? undefined,
    passwordFingerprint: packed[13] ?? undefined,
    attributes: packed[14] ?? undefined,
    assessmentId: packed[15] ?? undefined,
  }));
}
