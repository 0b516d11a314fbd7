import { newApplication } from '../../../server/contracts/applications.js';
import { setUpAccount } from '../../../server/contracts/authentication.js';
import { renameDevice } from '../../../server/contracts/devices.js';
import { passkeyName } from '../../../server/contracts/factors.js';
import { organisationName } from '../../../server/contracts/organisation.js';
import { newPerson, personChange, personFields } from '../../../server/contracts/people.js';
import { readPeopleFile } from '../../../server/people/domain/read-people-file.js';

const hostile = [
  'Robert \u202eeniraM',
  '\u2066Robert',
  'Ana\u2069 signed out',
  'A\u200fna',
  'Ad\u200bmin',
  'Ad\u200cmin',
  'Ana\u0000',
  'Ana\u009b31m',
  'Ana\u2028Lima',
  'Ana\ue000',
  `A${'\u0301'.repeat(118)}`,
];

describe('a name', () => {
  it.each(hostile)('is refused where it turns words round, hides, or covers others: %j', (name) => {
    const account = { token: 't', email: 'ana@example.com', password: 'p' };
    expect([
      personFields.name.safeParse(name).success,
      personFields.username.safeParse(name).success,
      newPerson.safeParse({ email: 'ana@example.com', name }).success,
      newPerson.safeParse({ email: 'ana@example.com', name: 'Ana', title: name }).success,
      personChange.safeParse({ name }).success,
      personChange.safeParse({ title: name }).success,
      setUpAccount.safeParse({ ...account, name }).success,
      organisationName.safeParse(name).success,
      renameDevice.safeParse({ name }).success,
      passkeyName.safeParse(name).success,
      newApplication.safeParse({ name }).success,
    ]).toEqual(Array<boolean>(11).fill(false));
    // A line end in a cell would be another line of the file.
    const file = readPeopleFile(
      `email,name,title\nana@example.com,"${name}",x\nsam@example.com,Sam,"${name}"\n`,
      String,
    );
    expect('rows' in file && file.rows.map((row) => 'refusal' in row && row.refusal.field)).toEqual(['name', 'title']);
  });

  it.each([
    'José Ångström',
    'Jose\u0301',
    'نسرین علی\u200cرضا',
    'יונתן',
    'क्\u200dष',
    'สมหญิง',
    'Nguyễn Thị Ánh',
    '👩\u200d💻 laptop',
    '<img src=x onerror=alert(1)>',
  ])('is taken as people write it: %s', (name) => {
    expect(personFields.name.parse(name)).toBe(name);
    expect(renameDevice.parse({ name })).toEqual({ name });
  });
});
