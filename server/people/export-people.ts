import { PAGE_MAX } from '../contracts/paging.js';
import type { PeopleFilter, PersonView } from '../contracts/people.js';
import { csvLine } from '../platform/csv.js';
import type { ReadPeople } from './read-people.js';

/** The people that a filter finds, as CSV that can be imported again, a page at a time. */
export async function* peopleAsCsv(people: ReadPeople, filter: PeopleFilter): AsyncGenerator<string> {
  yield csvLine(['email', 'name', 'username', 'title', 'role', 'manager', 'state', 'two_step', 'since']);
  for (let cursor: string | undefined; ;) {
    const page = await people.list({ ...filter, cursor, limit: PAGE_MAX });
    yield page.items.map(lineOf).join('');
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

const lineOf = ({ email, name, username, title, role, manager, state, twoStep, createdAt }: PersonView): string =>
  csvLine([email, name, username, title, role, manager?.email, state, twoStep ? 'on' : 'off', createdAt]);
