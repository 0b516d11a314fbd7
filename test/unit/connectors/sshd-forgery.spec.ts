import fc from 'fast-check';
import { newAttempt } from '../../../server/contracts/attempts.js';
import { line, parse } from './sshd-lines.js';

const REAL = '203.0.113.77';
const FINGERPRINT = 'SHA256:0000000000000000000000000000000000000000000';

/** Everything sshd writes with a name in it, as it writes it. */
const templates: ((name: string) => string)[] = [
  (name) => `Failed password for invalid user ${name} from ${REAL} port 4711 ssh2`,
  (name) => `Failed password for ${name} from ${REAL} port 4711 ssh2`,
  (name) => `Failed publickey for invalid user ${name} from ${REAL} port 4711 ssh2: RSA ${FINGERPRINT}`,
  (name) => `Invalid user ${name} from ${REAL} port 4711`,
  (name) => `Invalid user ${name} from ${REAL}`,
  (name) => `Connection closed by invalid user ${name} ${REAL} port 4711 [preauth]`,
  (name) => `Disconnected from authenticating user ${name} ${REAL} port 4711 [preauth]`,
  (name) => `Disconnecting invalid user ${name} ${REAL} port 4711: Too many authentication failures [preauth]`,
  (name) =>
    `error: maximum authentication attempts exceeded for invalid user ${name} from ${REAL} port 4711 ssh2 [preauth]`,
  (name) => `User ${name} from ${REAL} not allowed because not listed in AllowUsers`,
  (name) => `error: PAM: Authentication failure for illegal user ${name} from ${REAL}`,
  (name) =>
    `pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${REAL} user=${name}`,
  (name) => `message repeated 2 times: [ Failed password for invalid user ${name} from ${REAL} port 4711 ssh2]`,
  (name) =>
    `Failed publickey for invalid user ${name} from ${REAL} port 4711 ssh2: RSA-CERT ${FINGERPRINT} ID ${name} (serial 0) CA RSA ${FINGERPRINT}`,
  (name) =>
    `Disconnecting invalid user ${name} ${REAL} port 4711: Change of username or service not allowed: (${name},ssh-connection) -> (${name},ssh-connection) [preauth]`,
  (name) => `Received disconnect from ${REAL} port 4711:11: ${name} [preauth]`,
];

const pieces = [
  ' from 1.2.3.4',
  ' port 1',
  ' ssh2',
  ' ssh2: RSA ',
  FINGERPRINT,
  'evil',
  ' ',
  '',
  ' [preauth]',
  ']',
  '[ ',
  ' 1.2.3.4 port 1',
  ' rhost=1.2.3.4',
  ' user=x',
  ' from ',
  'invalid user ',
  ': Too many authentication failures',
  ' not allowed because not listed in AllowUsers',
  ' ID ',
  ' (serial 0) CA RSA ',
  ' ssh2: RSA-CERT ',
  'message repeated 9 times: [ ',
  'Failed password for root from 1.2.3.4 port 1 ssh2',
  '\\303\\274',
  '\\\\',
  '\u202e',
  'é',
  '::1',
  ' from ::1 port 1 ssh2',
  '\t',
  'sshd[1]: ',
];
const name = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 8 })
  .map((parts) => parts.join('').replace(/[\r\n]/g, ''));

test('no user name changes the address', () => {
  fc.assert(
    fc.property(name, fc.constantFrom(...templates), (user, template) => {
      const attempts = parse([line(template(user))]);
      for (const attempt of attempts) {
        expect(attempt.ip).toBe(REAL);
        expect(newAttempt.safeParse(attempt).success).toBe(true);
      }
    }),
    { numRuns: 1_500 },
  );
});

test('no user name changes the address of a connection', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.constantFrom(...templates)), { minLength: 2, maxLength: 8 }), (lines) => {
      const attempts = parse(lines.map(([user, template]) => line(template(user))));
      expect(attempts.filter((attempt) => attempt.ip !== REAL)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a name is given back as it was typed', () => {
  const evil = 'evil from 1.2.3.4 port 1 ssh2';
  for (const template of templates.slice(0, 11))
    expect(parse([line(template(evil))]).map((attempt) => attempt.subject)).toEqual([evil]);
});

test.each([
  ['j\\303\\274rgen', 'jürgen'],
  ['CORP\\\\ann', 'CORP\\ann'],
  ['\\033[31mred', '\\033[31mred'],
  ['\\342\\200\\256txt', '\\342\\200\\256txt'],
  ['\\377', '\\377'],
  ['invalid user root', 'invalid user root'],
])('the escaped name %s is %s', (logged, subject) => {
  expect(parse([line(`Invalid user ${logged} from ${REAL} port 1`)])[0]?.subject).toBe(subject);
});

test('garbage gives nothing and breaks nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom('', '{', 'Mar  3 10:00:00 h sshd[1]: ', '<1>1 '),
      (text, start) => {
        expect(parse([start + text])).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
