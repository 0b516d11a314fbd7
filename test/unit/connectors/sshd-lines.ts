import type { NewAttempt } from '../../../server/contracts/attempts.js';
import { SshdParser, type SshdParserOptions } from '../../../server/connectors/sshd/parser.js';

/** Our clock in these specs. */
export const NOW = Date.parse('2026-11-24T12:00:00Z');

export function parserOf(options: Partial<SshdParserOptions> = {}): SshdParser {
  return new SshdParser({ format: 'auto', zone: 'UTC', now: () => NOW, ...options });
}

/** All attempts of a whole log. */
export function parse(lines: string[], options: Partial<SshdParserOptions> = {}): NewAttempt[] {
  const parser = parserOf(options);
  const attempts = lines.flatMap((line) => parser.push(line));
  return [...attempts, ...parser.flush()];
}

/** A classic syslog line. */
export function line(message: string, { at = '10:00:00', pid = 41, day = 'Mar  3' } = {}): string {
  return `${day} ${at} web01 sshd[${pid}]: ${message}`;
}

/** What matters of an attempt, short enough for a table. */
export function brief(attempt: NewAttempt): string {
  const { subject, ip, outcome, reason, factor } = attempt;
  return [subject, ip, outcome, reason, factor].filter((part) => part !== undefined).join(' | ');
}
