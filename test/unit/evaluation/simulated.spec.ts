import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateSimulated } from '../../evaluation/simulated.js';

const at = (second: number): string => `2018-11-01 10:${String(second).padStart(2, '0')}:00.123456`;
const guessed = (i: number, ip: string): string => `${at(i)},${ip},name${i},False,error_wrong_username`;

test('a window is found when an alert counts one of its attempts, and other alerts are false', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-simulated-'));
  try {
    const honest = `${at(0)},198.51.100.1,sam,True,`;
    const lines = Array.from({ length: 24 }, (_, i) => guessed(i + 1, i < 12 ? '203.0.113.5' : '192.0.2.8'));
    const tried = '2018-11-01 10:40:00.123456,198.18.0.9,sam,False,error_wrong_password';
    await writeFile(
      join(folder, 'log.csv'),
      `datetime,source_ip,username,success,failure_reason\n${[honest, ...lines, tried].join('\n')}\n`,
    );
    const windows = [
      `${at(1)},${at(20)},203.0.113.5`,
      '2018-11-01 10:40:00.123456,2018-11-01 10:41:00.123456,198.18.0.9',
    ];
    await writeFile(join(folder, 'attacks.csv'), `start,end,source_ip\n${windows.join('\n')}\n`);
    const report = await evaluateSimulated(folder);
    expect(report).toMatchObject({ attempts: 26, windows: 2, found: 1 });
    expect(report.missed).toEqual(['2018-11-01T10:40:00.123Z 198.18.0.9']);
    // The second address attacks as well, and the list of attacks doesn't know it.
    expect(Object.values(report.falseAlerts).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
    expect(report.alerts).toBeGreaterThan(Object.keys(report.falseAlerts).length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
