import { SCORERS, type Evaluation, type ScoreSet, type Scorer } from './evaluate.js';
import { intervalOf, metricsOf, type Interval, type Metrics } from './metrics.js';
import { seededRandom } from './random.js';

/** The one object that `--json` writes. */
export type Report = Record<string, unknown> & {
  campaigns: Evaluation['campaigns'];
  falseAlertsPer10k: number;
  benignAttempts: number;
  attemptsPerSecond: number;
  cpuMicrosPerAttempt: number;
};

const PER = 10_000;
const names: Record<Scorer, string> = {
  freeman: 'reference (Freeman)',
  novelty: 'novelty rule',
  gatehouse: 'Gatehouse, oracle',
  gatehouseBlind: 'Gatehouse, blind',
};
/** Upper ends of the histories in the table. */
const HISTORIES: readonly (readonly [string, number, number])[] = [
  ['1 sign-in', 1, 1],
  ['2–3', 2, 3],
  ['4–11', 4, 11],
  ['12 or more', 12, Infinity],
];

const kindsOf = (evaluation: Evaluation): string[] => [...evaluation.scores.novelty.positives.keys()].sort();
const scoresOf = (set: ScoreSet, kind: string): number[] => (set.positives.get(kind) ?? []).map(({ score }) => score);

function figuresOf({ scores }: Evaluation, kind: string): Record<Scorer, Metrics> {
  return Object.fromEntries(
    SCORERS.map((scorer) => {
      const set = scores[scorer];
      return [
        scorer,
        metricsOf(
          scoresOf(set, kind),
          set.negatives.map(({ score }) => score),
        ),
      ];
    }),
  ) as Record<Scorer, Metrics>;
}

export function reportOf(evaluation: Evaluation): Report {
  const { campaigns, falseAlerts, benignAttempts, speed } = evaluation;
  return {
    ...Object.fromEntries(kindsOf(evaluation).map((kind) => [kind, figuresOf(evaluation, kind)])),
    campaigns,
    falseAlertsPer10k: Math.round((falseAlerts.length / Math.max(1, benignAttempts)) * PER * 100) / 100,
    benignAttempts,
    ...speed,
    takeovers: evaluation.takeovers,
    intervals: intervalsOf(evaluation),
  };
}

function intervalsOf({ scores }: Evaluation): Record<string, Record<string, Interval>> {
  return Object.fromEntries(
    SCORERS.map((scorer) => {
      const { positives, negatives } = scores[scorer];
      const takeovers = positives.get('takeover') ?? [];
      const at = (share: number): Interval => intervalOf(takeovers, negatives, share, seededRandom(1));
      return [scorer, { 'tpr@0.1%': at(0.001), 'tpr@1%': at(0.01) }];
    }),
  );
}

/** Tables for people. */
export function tablesOf(evaluation: Evaluation, report: Report): string {
  return [
    ...kindsOf(evaluation).map((kind) => metricTable(kind, report[kind] as Record<Scorer, Metrics>)),
    intervalTable(report.intervals as Record<Scorer, Record<string, Interval>>),
    historyTable(evaluation),
    campaignTable(evaluation),
    falseTable(evaluation, report),
  ].join('\n\n');
}

const cells = (...values: (string | number | null)[]): string =>
  values.map((value, i) => (i === 0 ? String(value).padEnd(24) : String(value ?? '–').padStart(16))).join('');

function metricTable(kind: string, figures: Record<Scorer, Metrics>): string {
  const { n } = figures.novelty;
  const rows = SCORERS.map((scorer) => {
    const m = figures[scorer];
    return cells(names[scorer], m['tpr@0.1%'], m['tpr@1%'], m.prAuc, m.auc, m.reauth90);
  });
  return [cells(`${kind} (${n})`, 'tpr@0.1%', 'tpr@1%', 'prAuc', 'auc', 'reauth90'), ...rows].join('\n');
}

function intervalTable(intervals: Record<Scorer, Record<string, Interval>>): string {
  const span = (interval: Interval | undefined): string =>
    interval ? `${interval.low.toFixed(3)}–${interval.high.toFixed(3)}` : '–';
  const rows = SCORERS.map((scorer) =>
    cells(names[scorer], span(intervals[scorer]['tpr@0.1%']), span(intervals[scorer]['tpr@1%'])),
  );
  return [cells('95 % over people', 'tpr@0.1%', 'tpr@1%'), ...rows].join('\n');
}

/** Whether detection collapses for frequent users, and where the false positives gather, at one cut for all. */
function historyTable({ scores }: Evaluation): string {
  const head = cells('takeover, by history', ...HISTORIES.map(([name]) => name));
  const rows = SCORERS.flatMap((scorer) => {
    const { positives, negatives } = scores[scorer];
    const cut = negatives.map(({ score }) => score).sort((a, b) => b - a)[Math.floor(negatives.length * 0.01)] ?? NaN;
    const share = (list: ScoreSet['negatives']): string[] =>
      HISTORIES.map(([, from, to]) => {
        const some = list.filter(({ history }) => history >= from && history <= to);
        const above = some.filter(({ score }) => score > cut).length;
        return `${((above / Math.max(1, some.length)) * 100).toFixed(1)} % of ${some.length}`;
      });
    return [
      cells(names[scorer], ...share(positives.get('takeover') ?? [])),
      cells('  honest sign-ins', ...share(negatives)),
    ];
  });
  return [head, ...rows].join('\n');
}

function campaignTable({ campaigns, takeovers }: Evaluation): string {
  const rows = Object.entries(campaigns).map(([kind, { n, caught, medianAttemptsToDetect }]) =>
    cells(kind, `${caught} of ${n}`, medianAttemptsToDetect),
  );
  return [
    cells('campaign', 'caught', 'attempts (median)'),
    ...rows,
    cells('takeovers in an alert', `${takeovers.alerted} of ${takeovers.n}`),
  ].join('\n');
}

function falseTable({ falseAlerts, alerts }: Evaluation, report: Report): string {
  const groups = new Map<string, number>();
  for (const { kind, severity, note } of falseAlerts) {
    const name = `${kind}, ${severity}${note === '' ? '' : ` (${note})`}`;
    groups.set(name, (groups.get(name) ?? 0) + 1);
  }
  return [
    `${falseAlerts.length} false of ${alerts} alerts: ${report.falseAlertsPer10k} per 10,000 of ${report.benignAttempts} honest attempts`,
    ...[...groups].sort((a, b) => b[1] - a[1]).map(([name, n]) => `  ${n} ${name}`),
    `${report.attemptsPerSecond} attempts/s in the domain code, ${report.cpuMicrosPerAttempt} µs of processor time each`,
  ].join('\n');
}
