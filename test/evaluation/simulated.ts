import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnrichedAttempt } from '../../server/detection/domain/enriched-attempt.js';
import { Production } from './production.js';

const PER = 10_000;
const APPLICATION = 'simulated';

/** A stretch of time in which one address attacks. */
interface Attack {
  start: number;
  end: number;
  ip: string;
}

export interface SimulatedReport {
  attempts: number;
  windows: number;
  /** Windows of which an alert counts an attempt. */
  found: number;
  missed: string[];
  alerts: number;
  /** Alerts that no attempt of a window gave, by kind. */
  falseAlerts: Record<string, number>;
  alertsPer10k: number;
  falseAlertsPer10k: number;
}

/**
 * Runs the domain code over a published simulation: `log.csv` (datetime, source_ip, username, success, failure_reason) and
 * `attacks.csv` (start, end, source_ip). It knows neither networks nor places nor clients.
 */
export async function evaluateSimulated(folder: string): Promise<SimulatedReport> {
  const attacks = (await rowsOf(join(folder, 'attacks.csv'))).map(([start = '', end = '', ip = '']): Attack => ({
    start: timeOf(start),
    end: timeOf(end),
    ip,
  }));
  const attempts = (await rowsOf(join(folder, 'log.csv'))).map(attemptOf);
  const production = new Production();
  const found = new Set<Attack>();
  const alerts = new Map<string, { kind: string; hostile: boolean }>();
  for (const attempt of attempts) {
    const { occurredAt: at, ip } = attempt;
    const attack = attacks.find((each) => each.ip === ip && each.start <= at && at <= each.end);
    for (const { dedupKey, kind } of production.judge(attempt).findings) {
      if (attack) found.add(attack);
      const alert = alerts.get(dedupKey);
      alerts.set(dedupKey, { kind, hostile: alert?.hostile === true || attack !== undefined });
    }
  }
  const falseAlerts: Record<string, number> = {};
  for (const { kind, hostile } of alerts.values()) if (!hostile) falseAlerts[kind] = (falseAlerts[kind] ?? 0) + 1;
  const per10k = (count: number): number => Math.round((count / attempts.length) * PER * 10) / 10;
  return {
    attempts: attempts.length,
    windows: attacks.length,
    found: found.size,
    missed: attacks
      .filter((attack) => !found.has(attack))
      .map(({ start, ip }) => `${new Date(start).toISOString()} ${ip}`),
    alerts: alerts.size,
    falseAlerts,
    alertsPer10k: per10k(alerts.size),
    falseAlertsPer10k: per10k(Object.values(falseAlerts).reduce((sum, count) => sum + count, 0)),
  };
}

async function rowsOf(file: string): Promise<string[][]> {
  const [, ...lines] = (await readFile(file, 'utf8')).split(/\r?\n/);
  return lines.filter((line) => line !== '').map((line) => line.split(','));
}

/** The files name no time zone. */
const timeOf = (text: string): number => Date.parse(`${text.slice(0, 23).replace(' ', 'T')}Z`);

function attemptOf(cells: string[], index: number): EnrichedAttempt {
  const [datetime = '', ip = '', user = '', success, reason = ''] = cells;
  const known = reason !== 'error_wrong_username';
  return {
    id: `row-${index}`,
    occurredAt: Math.max(0, timeOf(datetime)),
    subjectKey: known ? user : `${APPLICATION}:${user}`,
    personId: known ? user : null,
    subjectKnown: known,
    applicationId: APPLICATION,
    outcome: success === 'True' ? 'success' : 'failure',
    reason: success === 'True' ? null : known ? 'wrong_password' : 'unknown_subject',
    ip,
    addressKey: ip,
    prefixKey: `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`,
    network: { asn: null, organisation: null, kind: 'unknown' },
    place: null,
    client: { device: 'unknown', os: null, browser: null },
    clientKey: 'unknown',
    userAgent: null,
    factor: 'password',
    deviceId: null,
    sessionId: null,
    passwordFingerprint: null,
  };
}
