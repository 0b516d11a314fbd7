/** One record of a file, and the line on which it begins, counted from 1. */
export type CsvRecord = { line: number; cells: string[] };
export type ParsedCsv = { records: CsvRecord[] } | { line: number; message: string };

/** What an export puts before a cell that a spreadsheet would run; taken away again, so that what was exported can come back. */
const guarded = /^'(?=[\s\u200b\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/;
const separators = [',', ';', '\t'] as const;

/**
 * Reads RFC 4180, and what spreadsheets make of it: a byte order mark, semicolons or tabs between cells, any line end. Empty lines are
 * left out. Says where it can't be read instead of guessing.
 */
export function parseCsv(text: string): ParsedCsv {
  const source = text.replace(/^\ufeff/, '');
  const separator = separatorOf(source);
  const records: CsvRecord[] = [];
  let [at, line] = [0, 1];
  while (at < source.length) {
    const record: CsvRecord = { line, cells: [] };
    for (let more = true; more;) {
      const cell = readCell(source, at, separator);
      if (cell === undefined)
        return { line, message: 'A quotation mark is opened and never closed, or stands inside a cell.' };
      record.cells.push(cell.text.replace(guarded, '').trim());
      line += cell.lines;
      more = source[cell.end] === separator;
      at = cell.end + 1;
    }
    if (source[at - 1] === '\r' && source[at] === '\n') at += 1;
    line += 1;
    if (record.cells.some((cell) => cell !== '')) records.push(record);
  }
  return { records };
}

/** The one that the first line holds most of. */
function separatorOf(source: string): string {
  const [first = ''] = source.split(/\r|\n/, 1);
  const countOf = (separator: string): number => first.split(separator).length;
  return separators.reduce((best, each) => (countOf(each) > countOf(best) ? each : best));
}

type Cell = { text: string; end: number; lines: number };

function readCell(source: string, start: number, separator: string): Cell | undefined {
  if (source[start] !== '"') {
    let end = start;
    while (end < source.length && source[end] !== separator && source[end] !== '\n' && source[end] !== '\r') end += 1;
    return { text: source.slice(start, end), end, lines: 0 };
  }
  let end = start + 1;
  // Two marks in a row stand for one.
  while (end < source.length && (source[end] !== '"' || source[end + 1] === '"')) end += source[end] === '"' ? 2 : 1;
  const after = source[end + 1];
  const isClosed = source[end] === '"' && (after === undefined || [separator, '\r', '\n'].includes(after));
  if (!isClosed) return undefined;
  const text = source.slice(start + 1, end).replaceAll('""', '"');
  return { text, end: end + 1, lines: text.split('\n').length - 1 };
}
