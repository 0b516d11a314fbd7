import { newAttempt } from '../../../server/contracts/attempts.js';
import { brief, line, parse, parserOf } from './sshd-lines.js';

const FINGERPRINT = 'SHA256:0000000000000000000000000000000000000000000';
const PAM = 'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=';

describe('one line, one attempt', () => {
  test.each([
    ['Accepted password for ann from 198.51.100.7 port 50122 ssh2', 'ann | 198.51.100.7 | success | password'],
    [
      `Accepted publickey for ann from 2001:DB8::7 port 50122 ssh2: ED25519 ${FINGERPRINT}`,
      'ann | 2001:db8::7 | success | key',
    ],
    [
      'Accepted publickey for ann from 198.51.100.7 port 1 ssh2: RSA 39:33:99:e9:a0:dc:f2:33:a3:e5:72:3b:7c:3a:56:84',
      'ann | 198.51.100.7 | success | key',
    ],
    [
      'Accepted keyboard-interactive/pam for ann from 198.51.100.7 port 1 ssh2',
      'ann | 198.51.100.7 | success | password',
    ],
    ['Accepted gssapi-with-mic for ann from 198.51.100.7 port 1 ssh2', 'ann | 198.51.100.7 | success | sso'],
    [
      'Failed password for root from 198.51.100.9 port 29160 ssh2',
      'root | 198.51.100.9 | failure | wrong_password | password',
    ],
    [
      'Failed password for root from ::ffff:198.51.100.9 port 29160 ssh2 [preauth]',
      'root | 198.51.100.9 | failure | wrong_password | password',
    ],
    [
      'Failed password for root from fe80::1%eth0 port 29160 ssh2',
      'root | fe80::1 | failure | wrong_password | password',
    ],
    [
      'Failed password for invalid user admin from 198.51.100.9 port 1 ssh2',
      'admin | 198.51.100.9 | failure | unknown_subject | password',
    ],
    [
      'Failed password for invalid user  from 198.51.100.9 port 1 ssh2',
      '(empty) | 198.51.100.9 | failure | unknown_subject | password',
    ],
    [
      'Failed password for  from 198.51.100.9 port 1 ssh2',
      '(empty) | 198.51.100.9 | failure | wrong_password | password',
    ],
    [
      `Failed publickey for ann from 198.51.100.9 port 1 ssh2: RSA ${FINGERPRINT}`,
      'ann | 198.51.100.9 | failure | other | key',
    ],
    ['Failed none for invalid user x from 198.51.100.9 port 1 ssh2', 'x | 198.51.100.9 | failure | unknown_subject'],
    ['Invalid user hadoop from 198.51.100.9 port 56762', 'hadoop | 198.51.100.9 | failure | unknown_subject'],
    ['Invalid user  from 198.51.100.9', '(empty) | 198.51.100.9 | failure | unknown_subject'],
    [
      'Disconnected from authenticating user root 198.51.100.9 port 59402 [preauth]',
      'root | 198.51.100.9 | failure | other',
    ],
    [
      'Connection closed by authenticating user root 198.51.100.9 port 45362 [preauth] ',
      'root | 198.51.100.9 | failure | other',
    ],
    [
      'Connection reset by invalid user a b 198.51.100.9 port 45362 [preauth]',
      'a b | 198.51.100.9 | failure | unknown_subject',
    ],
    [
      'Disconnecting invalid user x 198.51.100.9 port 4: Too many authentication failures [preauth]',
      'x | 198.51.100.9 | failure | unknown_subject',
    ],
    [
      'error: maximum authentication attempts exceeded for root from 198.51.100.9 port 57912 ssh2 [preauth]',
      'root | 198.51.100.9 | failure | too_many_tries',
    ],
    [
      'User root from 198.51.100.9 not allowed because not listed in AllowUsers',
      'root | 198.51.100.9 | failure | policy',
    ],
    [
      'User bob from 198.51.100.9 not allowed because account is locked',
      'bob | 198.51.100.9 | failure | account_locked',
    ],
    [
      'User bob from 198.51.100.9 not allowed because shell /bin/x does not exist',
      'bob | 198.51.100.9 | failure | policy',
    ],
    [`${PAM}198.51.100.9  user=root`, 'root | 198.51.100.9 | failure | wrong_password'],
    [`${PAM}198.51.100.9`, '(unknown) | 198.51.100.9 | failure | unknown_subject'],
    [
      'error: PAM: Authentication failure for illegal user eve from 198.51.100.9',
      'eve | 198.51.100.9 | failure | unknown_subject',
    ],
  ])('%s', (message, expected) => {
    const attempts = parse([line(message)]);
    expect(attempts.map(brief)).toEqual([expected]);
    expect(newAttempt.safeParse(attempts[0]).error).toBeUndefined();
  });

  test('says which machine, process, port and method it was', () => {
    const [attempt] = parse([line('Failed password for root from 198.51.100.9 port 29160 ssh2')]);
    expect(attempt).toMatchObject({
      occurredAt: '2026-03-03T10:00:00.000Z',
      attributes: { service: 'sshd', host: 'web01', pid: '41', port: 29160, method: 'password' },
    });
  });
});

describe('lines that are no attempt', () => {
  test.each([
    'Server listening on 0.0.0.0 port 22.',
    'Close session: user ansible from 192.0.2.1 port 34928 id 0',
    'Received disconnect from 198.51.100.9 port 38010:11: disconnected by user',
    'Disconnected from user ann 198.51.100.9 port 38010',
    'Disconnected from odd user ftp 198.51.100.9 port 26138 [preauth]',
    'Did not receive identification string from 198.51.100.9',
    'Connection closed by 198.51.100.9 port 33594 [preauth]',
    'Unable to negotiate with 198.51.100.9 port 45626: no matching MAC found. Their offer: hmac-sha1 [preauth]',
    'fatal: Timeout before authentication for 198.51.100.9 port 47056',
    'refused connect from example.com (198.51.100.9)',
    'pam_unix(sshd:session): session opened for user ann by (uid=0)',
    'pam_unix(sshd:auth): check pass; user unknown',
    'Partial publickey for ann from 198.51.100.9 port 1 ssh2',
    'Failed password for root from scanner.example port 29160 ssh2',
    'Failed password for root from 198.51.100.9 port 29160 ss',
    '',
  ])('%s', (message) => {
    expect(parse([line(message)])).toEqual([]);
  });

  test('lines of other programs', () => {
    const sudo =
      'Mar  3 10:00:00 web01 sudo: pam_unix(sudo:auth): authentication failure; logname=ann uid=1 euid=0 tty=/dev/pts/0 ruser=ann rhost=198.51.100.9  user=ann';
    const web = 'Mar  3 10:00:00 web01 app[1]: sshd[1]: Failed password for root from 198.51.100.9 port 1 ssh2';
    expect(parse([sudo, web])).toEqual([]);
  });
});

describe('wrappings', () => {
  const message = 'Failed password for root from 198.51.100.9 port 5 ssh2';
  const journal = (fields: Record<string, unknown>): string =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: '1768208400123456',
      _HOSTNAME: 'web01',
      SYSLOG_IDENTIFIER: 'sshd-session',
      _PID: '9',
      MESSAGE: message,
      ...fields,
    });
  test.each([
    [`Mar  3 10:00:00 web01 sshd[9]: ${message}`, '2026-03-03T10:00:00.000Z'],
    [`<38>Mar  3 10:00:00 web01 sshd-session[9]: ${message}`, '2026-03-03T10:00:00.000Z'],
    [`2026-01-12T10:00:00.123456+01:00 web01 sshd[9]: ${message}`, '2026-01-12T09:00:00.123Z'],
    [`<38>1 2026-01-12T10:00:00.123456+01:00 web01 sshd 9 - - ${message}`, '2026-01-12T09:00:00.123Z'],
    [
      `<38>1 2026-01-12T09:00:00Z web01 sshd-auth 9 id [a@1 k="v \\] x"][b] \ufeff${message}`,
      '2026-01-12T09:00:00.000Z',
    ],
    [journal({}), '2026-01-12T09:00:00.123Z'],
    [journal({ MESSAGE: [...Buffer.from(message)] }), '2026-01-12T09:00:00.123Z'],
  ])('%s', (raw, occurredAt) => {
    const [attempt, ...more] = parse([raw]);
    expect(more).toEqual([]);
    expect(attempt).toMatchObject({ occurredAt, subject: 'root', ip: '198.51.100.9' });
    expect(attempt?.attributes).toMatchObject({ host: 'web01', pid: '9' });
  });

  test('the tag of old Red Hat systems names the PAM module', () => {
    const raw =
      'Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=198.51.100.9  user=root';
    expect(parse([raw]).map(brief)).toEqual(['root | 198.51.100.9 | failure | wrong_password']);
  });

  test('broken journal entries are skipped', () => {
    expect(
      parse(
        ['{"MESSAGE":', '{}', 'null', '[1]', journal({ MESSAGE: [1, 'x'] }), journal({ __REALTIME_TIMESTAMP: 'x' })],
        { format: 'journald' },
      ),
    ).toEqual([]);
  });

  test('bare messages are read only when asked for', () => {
    expect(parse([message])).toEqual([]);
    expect(parse([message], { format: 'bare' })[0]).toMatchObject({ occurredAt: '2026-11-24T12:00:00.000Z' });
  });
});

describe('each real attempt once', () => {
  const failed = 'Failed password for invalid user eve from 198.51.100.9 port 7 ssh2';
  const closed = 'Connection closed by invalid user eve 198.51.100.9 port 7 [preauth]';

  test('all the lines of one try are one attempt, at the time of the first', () => {
    const attempts = parse([
      line('Invalid user eve from 198.51.100.9 port 7'),
      line('input_userauth_request: invalid user eve [preauth]'),
      line('Failed none for invalid user eve from 198.51.100.9 port 7 ssh2'),
      line('pam_unix(sshd:auth): check pass; user unknown'),
      line(`${PAM}198.51.100.9`),
      line(failed, { at: '10:00:02' }),
      line(closed, { at: '10:00:03' }),
    ]);
    expect(attempts.map(brief)).toEqual(['eve | 198.51.100.9 | failure | unknown_subject | password']);
    expect(attempts[0]?.occurredAt).toBe('2026-03-03T10:00:00.000Z');
  });

  test('a full connection of six tries is six', () => {
    const root = 'Failed password for root from 198.51.100.9 port 7 ssh2';
    const attempts = parse([
      line(`${PAM}198.51.100.9  user=root`),
      line(root, { at: '10:00:02' }),
      line(`message repeated 5 times: [ ${root}]`, { at: '10:00:14' }),
      line('error: maximum authentication attempts exceeded for root from 198.51.100.9 port 7 ssh2 [preauth]', {
        at: '10:00:14',
      }),
      line('Disconnecting authenticating user root 198.51.100.9 port 7: Too many authentication failures [preauth]', {
        at: '10:00:14',
      }),
      line('PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.9  user=root', {
        at: '10:00:14',
      }),
      line('PAM service(sshd) ignoring max retries; 6 > 3', { at: '10:00:14' }),
    ]);
    expect(attempts).toHaveLength(6);
    expect(new Set(attempts.map((attempt) => attempt.id)).size).toBe(6);
  });

  test('where sshd is silent, PAM alone is counted with its sum', () => {
    const more =
      'PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.9  user=root';
    expect(parse([line(`${PAM}198.51.100.9  user=root`), line(more)])).toHaveLength(3);
  });

  test('sysklogd counts a repeat in a line of its own', () => {
    const again = 'Mar  3 10:00:09 web01 last message repeated 3 times';
    expect(parse([line(failed), again])).toHaveLength(4);
    expect(parse([line(failed), 'Mar  3 10:00:05 web01 cron[1]: x', again])).toHaveLength(1);
    expect(parse([line(failed), again.replace('web01', 'web02')])).toHaveLength(1);
  });

  test('keyboard-interactive says every try three times', () => {
    const hint = 'error: PAM: Authentication failure for bob from 198.51.100.9';
    const verdict = 'Failed keyboard-interactive/pam for bob from 198.51.100.9 port 7 ssh2';
    expect(
      parse([line(`${PAM}198.51.100.9  user=bob`), line(hint), line(verdict), line(hint), line(verdict)]),
    ).toHaveLength(2);
  });

  test('two PAM modules of which the second accepts are one success', () => {
    const accepted = 'Accepted password for ann from 198.51.100.9 port 7 ssh2';
    expect(parse([line(`${PAM}198.51.100.9  user=ann`), line(accepted)]).map(brief)).toEqual([
      'ann | 198.51.100.9 | success | password',
    ]);
  });

  test('the keys a client offers one after another are one attempt', () => {
    const key = `Failed publickey for ann from 198.51.100.9 port 7 ssh2: RSA ${FINGERPRINT}`;
    expect(
      parse([line(key), line(key), line(key), line('Failed password for ann from 198.51.100.9 port 7 ssh2')]),
    ).toHaveLength(2);
  });

  test('a reused process id is another connection', () => {
    const close = 'Disconnected from authenticating user root 198.51.100.9 port 7 [preauth]';
    expect(parse([line(close), line(close.replace('port 7', 'port 8'))])).toHaveLength(2);
    expect(parse([line(close), line(close)])).toHaveLength(2);
    expect(parse([line('Invalid user a from 198.51.100.9'), line('Invalid user a from 198.51.100.9')])).toHaveLength(2);
    expect(parse([line(failed), line(closed), line(closed, { at: '11:00:00' })])).toHaveLength(2);
  });

  test('a verdict that comes after its hint was given out counts no second time', () => {
    const parser = parserOf();
    const early = [...parser.push(line('Invalid user eve from 198.51.100.9 port 7')), ...parser.flush()];
    const late = [...parser.push(line(failed, { at: '10:01:30' })), ...parser.flush()];
    expect([early.length, late.length]).toEqual([1, 0]);
    const whole = parse([line('Invalid user eve from 198.51.100.9 port 7'), line(failed, { at: '10:01:30' })]);
    expect(whole.map((attempt) => attempt.id)).toEqual(early.map((attempt) => attempt.id));
  });

  test('a hint is given out when other lines show that its time is over', () => {
    const parser = parserOf();
    expect(parser.push(line('Invalid user eve from 198.51.100.9 port 7'))).toEqual([]);
    expect(parser.isWaiting).toBe(true);
    expect(parser.push(line('Server listening on :: port 22.', { at: '10:00:11', pid: 1 }))).toHaveLength(1);
    expect(parser.isWaiting).toBe(false);
  });
});

describe('identity', () => {
  const log = Array.from({ length: 60 }, (_, index) => {
    const from = `from 198.51.100.${index % 7} port ${1000 + (index % 5)}`;
    const kinds = [
      `Invalid user u ${from}`,
      `Failed password for invalid user u ${from} ssh2`,
      `message repeated 2 times: [ Failed password for root ${from} ssh2]`,
      `Connection closed by invalid user u ${from.slice(5)}`,
    ];
    return line(kinds[index % 4] ?? '', { at: `10:00:${String(index).padStart(2, '0')}`, pid: index % 3 });
  });

  test('reading again gives the same ids, each once', () => {
    const ids = parse(log).map((attempt) => attempt.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(parse(log).map((attempt) => attempt.id)).toEqual(ids);
  });

  test('a parser that goes on from a saved memory gives what one parser gives', () => {
    const whole = parse(log);
    for (let cut = 0; cut <= log.length; cut += 1) {
      const first = parserOf();
      const before = log.slice(0, cut).flatMap((raw) => first.push(raw));
      const saved = JSON.parse(JSON.stringify(first.snapshot())) as ReturnType<typeof first.snapshot>;
      expect([...before, ...parse(log.slice(cut), { snapshot: saved })]).toEqual(whole);
    }
  });
});
