import { readFile } from 'node:fs/promises';

const textOf = (path: string): Promise<string> => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the guide for users', () => {
  it('names a page of the console under each heading', async () => {
    const [guide, routes] = await Promise.all([textOf('docs/user-guide.md'), textOf('dashboard/src/app/routes.ts')]);
    const [, ...parts] = guide.split(/^## /m);
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) {
      const page = /^Page: `([^`]+)`$/m.exec(part)?.[1] ?? `none under "${part.split('\n')[0]!}"`;
      expect(routes).toContain(`pattern: '${page}'`);
    }
  });
});
