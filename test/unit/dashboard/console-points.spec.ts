import { readFile } from 'node:fs/promises';

const POINTS = 104;
/** Checks that are no test: each is a script that `npm run check` runs. */
const CHECKS = ['check:lint', 'check:svelte', 'check:types', 'check:unused', 'check:architecture'];

const textOf = (path: string): Promise<string> => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

type Row = { number: number; state: string; shownBy: string };

/** The points: `12. the point · **met** · shown by`. */
async function rows(): Promise<Row[]> {
  const lines = (await textOf('docs/console-points.md')).split('\n').filter((line) => /^\d+\. +/.test(line));
  return lines.map((line) => {
    const [point, state, shownBy = ''] = line.split(' · ');
    expect(point).toMatch(/^\d+\. +\S.{8}/);
    return { number: parseInt(point!), state: (state ?? '').replace(/^\*\*(.+)\*\*$/, '$1'), shownBy };
  });
}

/** The tests that a point names: `` `test/browser/x.spec.ts` › title ``, several with `; ` between them. */
function named(shownBy: string): { file: string; title: string }[] {
  return [...shownBy.matchAll(/`(test\/[^`]+\.spec\.ts)` › ([^;]+)/g)].map(([, file, title]) => ({
    file: file!,
    title: title!.trim(),
  }));
}

describe('the points of the console', () => {
  it('are listed each once, in order, as met, met in part or not met', async () => {
    const listed = await rows();
    expect(listed.map(({ number }) => number)).toEqual(Array.from({ length: POINTS }, (_, index) => index + 1));
    expect(listed.filter(({ state }) => !/^(met|in part: .+|not met: .+)$/.test(state))).toEqual([]);
  });

  it('are shown by tests and checks that there are', async () => {
    const { scripts } = JSON.parse(await textOf('package.json')) as { scripts: Record<string, string> };
    const missing: string[] = [];
    for (const { number, state, shownBy } of await rows()) {
      const tests = named(shownBy);
      const checks = CHECKS.filter((name) => shownBy.includes(`\`${name}\``) && name in scripts);
      if (!state.startsWith('not met') && tests.length + checks.length === 0)
        missing.push(`${number}: nothing shows it`);
      for (const { file, title } of tests) {
        const spec = await textOf(file).catch(() => null);
        if (spec === null) missing.push(`${number}: ${file}`);
        else if (!titles(spec).includes(title)) missing.push(`${number}: ${file} › ${title}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('are counted at the top as they are', async () => {
    const states = (await rows()).map(({ state }) => state.split(':')[0]!);
    const many = (state: string): number => states.filter((one) => one === state).length;
    const text = (await textOf('docs/console-points.md')).replaceAll(/\s+/g, ' ');
    expect(text).toContain(`${many('met')} are met, ${many('in part')} in part, ${many('not met')} not.`);
  });
});

/** What the tests of a file are called. */
const titles = (spec: string): string[] =>
  [...spec.matchAll(/\b(?:it|test)(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)(?<!\\)\1/g)].map(([, , title]) =>
    title!.replaceAll('\\', ''),
  );
