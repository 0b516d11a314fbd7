/** Characters that mean something in COPY's text format. */
const special = /[\\\t\n\r]/g;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One line of PostgreSQL's COPY text format; null and undefined become NULL. NUL characters were replaced when the attempt came in. */
export function copyLine(values: readonly (string | number | boolean | null | undefined)[]): string {
  let line = '';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) line += '\t';
    if (value === null || value === undefined) line += '\\N';
    else if (typeof value !== 'string') line += String(value);
    else line += special.test(value) ? value.replace(special, (character) => escapes[character] ?? character) : value;
    special.lastIndex = 0;
  }
  return `${line}\n`;
}
