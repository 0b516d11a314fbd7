import { IMPORT_ROWS_MAX, personFields, type Role, roles } from '../../contracts/people.js';
import { roleWords } from '../../contracts/role-words.js';
import type { PlanRefusal, WantedPerson } from './plan-people.js';
import { parseCsv } from './parse-csv.js';

/** One line of a file of people: what it wants, or why it can't be understood. */
export type FileRow = { line: number; email: string } & ({ wanted: WantedPerson } | { refusal: PlanRefusal });
export type PeopleFile = { rows: FileRow[] } | { line: number; message: string };

type Column = 'email' | 'name' | 'username' | 'title' | 'role' | 'manager';
const columns: Record<string, Column | 'ignored'> = {
  email: 'email',
  emailaddress: 'email',
  name: 'name',
  username: 'username',
  title: 'title',
  role: 'role',
  manager: 'manager',
  manageremail: 'manager',
  // Of our own export; they can't be changed by a file.
  state: 'ignored',
  twostep: 'ignored',
  since: 'ignored',
};

/**
 * Understands a file of people. A column that is missing keeps what is there; an empty cell empties it, where that can be.
 * @param keyOf the form in which addresses and user names are compared
 */
export function readPeopleFile(text: string, keyOf: (name: string) => string): PeopleFile {
  const parsed = parseCsv(text);
  if ('message' in parsed) return parsed;
  const [head, ...body] = parsed.records;
  if (!head)
    return {
      line: 1,
      message: 'The file is empty. Its first line names the columns: email, name, title, role, manager.',
    };
  const named = head.cells.map((cell) => columns[cell.toLowerCase().replaceAll(/[\s_-]/g, '')]);
  const unknown = head.cells[named.indexOf(undefined)];
  if (unknown !== undefined)
    return {
      line: head.line,
      message: `The column “${unknown.slice(0, 40)}” is not known. Known are email, name, username, title, role and manager.`,
    };
  if (!named.includes('email'))
    return { line: head.line, message: 'The column “email” is missing; people are told apart by it.' };
  if (body.length > IMPORT_ROWS_MAX)
    return {
      line: head.line,
      message: `The file has ${body.length} people. ${IMPORT_ROWS_MAX} at a time is the most.`,
    };
  return { rows: body.map(({ line, cells }) => readRow(line, cells, named, keyOf)) };
}

function readRow(
  line: number,
  cells: readonly string[],
  named: readonly (Column | 'ignored' | undefined)[],
  keyOf: (name: string) => string,
): FileRow {
  const cell = (column: Column): string | undefined =>
    named.includes(column) ? (cells[named.indexOf(column)] ?? '') : undefined;
  const email = cell('email') ?? '';
  const refusal = wrongIn(cells.length > named.length, cell);
  if (refusal) return { line, email, refusal };
  const [username, manager, roleText] = [cell('username'), cell('manager'), cell('role')];
  const wanted: WantedPerson = {
    email,
    emailKey: keyOf(email),
    name: cell('name') || undefined,
    username: emptied(username),
    usernameKey: username ? keyOf(username) : emptied(username),
    title: emptied(cell('title')),
    role: roleText ? roleOf(roleText) : undefined,
    managerKey: manager ? keyOf(manager) : emptied(manager),
  };
  return { line, email, wanted };
}

const emptied = (text: string | undefined): string | null | undefined => (text === '' ? null : text);

/** The first thing in a line that can't be meant. */
function wrongIn(isTooLong: boolean, cell: (column: Column) => string | undefined): PlanRefusal | undefined {
  const wrong = (field: string, message: string): PlanRefusal => ({ code: 'invalid_request', field, message });
  if (isTooLong) return wrong('line', 'The line has more cells than the first one has columns.');
  const email = cell('email') ?? '';
  if (!personFields.email.safeParse(email).success)
    return wrong(
      'email',
      email === '' ? 'The address is missing.' : `“${email.slice(0, 60)}” is not an e-mail address.`,
    );
  for (const field of ['name', 'username', 'title'] as const)
    if (cell(field) && !personFields[field].safeParse(cell(field)).success)
      return wrong(field, `The ${field} is longer than 120 characters, or holds a character that can’t be shown.`);
  const given = cell('role');
  if (given && !roleOf(given)) return wrong('role', `“${given.slice(0, 40)}” is no role. ${allowedRoles}`);
  return undefined;
}

/** A role by its code or by its word on the screen, in any case. */
function roleOf(text: string): Role | undefined {
  const given = text.toLowerCase();
  return roles.find((role) => role === given || roleWords[role].toLowerCase() === given);
}

const allowedRoles = `Allowed are ${roles.map((role) => roleWords[role].toLowerCase()).join(', ')}; admin means administrator.`;
