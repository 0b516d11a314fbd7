import { parseCsv } from '../../../server/people/domain/parse-csv.js';
import { csvLine } from '../../../server/platform/csv.js';

const cells = (text: string): unknown => {
  const parsed = parseCsv(text);
  return 'records' in parsed ? parsed.records.map((record) => [record.line, ...record.cells]) : parsed;
};

describe('a file of people', () => {
  it.each([
    ['commas', 'a,b\n1,2'],
    ['semicolons and a byte order mark', '\ufeffa;b\r\n1;2\r\n'],
    ['tabs and old line ends', 'a\tb\r1\t2'],
  ])('is read with %s', (_, text) => {
    expect(cells(text)).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
    ]);
  });

  it('keeps quotation marks, separators and line ends inside cells, and counts lines past them', () => {
    expect(cells('a,b\n"x ""y"", z","1\n2"\n\n3,4')).toEqual([
      [1, 'a', 'b'],
      [2, 'x "y", z', '1\n2'],
      [5, '3', '4'],
    ]);
  });

  it('says where it can not be read', () => {
    expect(cells('a,b\n1,"2')).toMatchObject({ line: 2 });
    expect(cells('a,b\n1,"2" 3')).toMatchObject({ line: 2 });
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\uff1dcmd', '\u200b=1', 'plain', "it's", 'a "b", c'])(
    'gives back what an export guarded: %j',
    (value) => {
      const line = csvLine([value, 'x']);
      expect(/^"?[=+\-@\uff1d]/.test(line)).toBe(false);
      expect(cells(line)).toEqual([[1, value.trim(), 'x']]);
    },
  );
});
