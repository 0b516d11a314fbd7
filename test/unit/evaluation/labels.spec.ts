import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate, type Evaluation } from '../../evaluation/evaluate.js';
import { seededRandom } from '../../evaluation/random.js';

const COLUMNS = 'ts,user,ip,country,asn,ua,browser,os,device,success,label,campaign,mfa,probe';
const DAY_S = 86_400;
const LABELS = ['legit', 'ato', 'brute', 'spray', 'stuffing', 'enum', 'mfa_fatigue'];
const CAMPAIGNS = ['', 'brute#1', 'spray#2', 'ato#3', 'forgot'];

type Row = { observed: string; label: string; campaign: string; mfa: string };

/** People at home, some abroad, and somebody who guesses, over 60 days. */
function aStream(): Row[] {
  const random = seededRandom(3);
  return Array.from({ length: 4000 }, (_, i) => {
    const user = Math.floor(random() * 60);
    const strange = random() < 0.1;
    const [country, asn, ip] = strange
      ? ['RO', 900 + (i % 5), `203.0.113.${i % 40}`]
      : ['NO', 100 + (user % 7), `198.51.100.${user}`];
    const success = random() < (strange ? 0.3 : 0.9) ? 1 : 0;
    const ua = strange ? 'UA|Windows 10|Chrome 80.0|m0' : `UA|iOS 14|Safari ${80 + (user % 3)}|m0`;
    const families = strange ? 'Chrome 80.0,Windows 10,desktop' : `Safari ${80 + (user % 3)},iOS 14,mobile`;
    const observed = [i * ((60 * DAY_S) / 4000), `u${user}`, ip, country, asn, ua, families, success].join(',');
    return { observed, label: 'legit', campaign: '', mfa: success === 0 && random() < 0.1 ? 'denied' : '' };
  });
}

async function blindOf(rows: readonly Row[]): Promise<{ scores: number[]; evaluation: Evaluation }> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-labels-'));
  try {
    const file = join(folder, 'stream.csv');
    const lines = rows.map(({ observed, label, campaign, mfa }) => [observed, label, campaign, mfa, ''].join(','));
    await writeFile(file, `${[COLUMNS, ...lines].join('\n')}\n`);
    const evaluation = await evaluate(file);
    const { negatives, positives } = evaluation.scores.gatehouseBlind;
    const all = [...negatives, ...[...positives.values()].flat()];
    return { scores: all.map(({ score }) => score).sort((a, b) => a - b), evaluation };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('whatever labels and campaigns say, blind scores and alerts stay the same', async () => {
  const honest = aStream();
  const random = seededRandom(9);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const shuffled = honest.map((row) => ({ ...row, label: pick(LABELS), campaign: pick(CAMPAIGNS) }));
  const [before, after] = [await blindOf(honest), await blindOf(shuffled)];
  expect(before.scores.length).toBeGreaterThan(1000);
  expect(after.evaluation.alerts).toBe(before.evaluation.alerts);
  expect(after.evaluation.alerts).toBeGreaterThan(0);
  expect(after.scores).toEqual(before.scores);
});
