import { readdir, readFile } from 'node:fs/promises';

const source = new URL('../../../dashboard/src/', import.meta.url);

/** The style sheets of the console, and what stands between `<style>` tags, by file. */
async function styles(): Promise<[file: string, css: string][]> {
  const files = (await readdir(source, { recursive: true })).filter((file) => /\.(css|svelte)$/.test(file));
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, source), 'utf8');
      return [file, file.endsWith('.css') ? text : (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '')] as [
        string,
        string,
      ];
    }),
  );
}

describe('the styles of the console', () => {
  it('name sides by the direction of reading, so that a page from the right needs no other ones', async () => {
    const side =
      /^\s*(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|left|right|float|(?:min-|max-)?(?:width|height)):/;
    const physical = (line: string): boolean => side.test(line) || /text-align:\s*(?:left|right)/.test(line);
    expect(
      ['  margin-left: 4px;', '  width: 4px;', '  text-align: right;', '  inset-inline-start: 0;'].map(physical),
    ).toEqual([true, true, true, false]);
    const found = (await styles()).flatMap(([file, css]) =>
      css
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .split('\n')

        .filter(physical)
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });
});
