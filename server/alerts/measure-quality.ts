import type { DataSource } from 'typeorm';
import { type AlertQuality, NOISY, type RuleQuality } from '../contracts/alerts.js';
import { countAttempts, readRules, type RuleRow } from './store/read-quality.js';

/** How good the alerts are, by what people found them to be. */
export class MeasureQuality {
  constructor(private readonly database: DataSource) {}

  async measure(days: number): Promise<AlertQuality> {
    const [rows, attempts] = await Promise.all([readRules(this.database, days), countAttempts(this.database, days)]);
    const all = rows.find(({ kind }) => kind === null);
    return {
      days,
      attempts,
      alerts: all?.alerts ?? 0,
      per10k: per10k(all?.alerts ?? 0, attempts),
      meanMinutes: all?.meanMinutes ?? null,
      medianMinutes: all?.medianMinutes ?? null,
      answered: all?.answered ?? 0,
      rules: rows.flatMap((row) => ruleOf(row, attempts)),
    };
  }
}

function ruleOf(row: RuleRow, attempts: number): RuleQuality[] {
  const { kind, alerts, real, falseAlarms, harmless, medianMinutes } = row;
  if (kind === null) return [];
  const judged = real + falseAlarms + harmless;
  const precision = judged === 0 ? null : real / judged;
  const noisy = precision !== null && judged >= NOISY.judged && precision < NOISY.precision;
  return [
    { kind, alerts, per10k: per10k(alerts, attempts), real, falseAlarms, harmless, precision, medianMinutes, noisy },
  ];
}

const per10k = (alerts: number, attempts: number): number | null =>
  attempts === 0 ? null : (alerts / attempts) * 10_000;
