import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertView } from '../../server/contracts/alerts.js';
import type { ShipResult } from '../../server/connectors/ship/ship.js';
import { countLog } from '../logs/count-log.mjs';
import { ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { runCli } from '../support/gatehouse-process.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Yesterday, so that the lines, which carry no year, are of the past whatever the day of the test is. */
const start = Date.now() - 24 * 3_600_000;

function line(second: number, pid: number, message: string): string {
  const at = new Date(start + second * 1_000);
  const stamp = `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`;
  return `${stamp} gate sshd[${pid}]: ${message}`;
}

const pam = (ip: string, user = '') => `logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip} ${user}`;

/** Six tries of one connection, which sshd, PAM and the end of the connection tell of three times over. */
const bruteForce = [
  line(10, 201, `pam_unix(sshd:auth): authentication failure; ${pam('203.0.113.9', ' user=root')}`),
  line(12, 201, 'Failed password for root from 203.0.113.9 port 40100 ssh2'),
  line(22, 201, 'message repeated 5 times: [ Failed password for root from 203.0.113.9 port 40100 ssh2]'),
  line(22, 201, 'error: maximum authentication attempts exceeded for root from 203.0.113.9 port 40100 ssh2 [preauth]'),
  line(22, 201, `PAM 5 more authentication failures; ${pam('203.0.113.9', ' user=root')}`),
];

/** Names that do not exist, one try a connection: only hints in one, hints and verdict in the others; one name forges an address. */
const enumeration = [
  line(100, 301, 'Invalid user oracle from 198.51.100.77'),
  line(100, 301, 'input_userauth_request: invalid user oracle [preauth]'),
  ...[302, 303, 304].flatMap((pid) => [
    line(pid, pid, `Invalid user u${pid} from 198.51.100.77 port ${pid}`),
    line(pid, pid, `Failed password for invalid user u${pid} from 198.51.100.77 port ${pid} ssh2`),
  ]),
  line(400, 305, 'Failed password for invalid user x from 192.0.2.1 port 1 ssh2 from 198.51.100.77 port 305 ssh2'),
];

/** Four failures are below the mark, and five that take an hour are nobody's attack; and two who may enter. */
const harmless = [
  ...[1, 2, 3, 4].map((turn) => line(500 + turn, 401, `Failed password for ana from 192.0.2.40 port 4${turn} ssh2`)),
  ...[1, 2, 3, 4, 5].map((turn) =>
    line(600 + turn * 750, 500 + turn, `Failed password for ben from 192.0.2.50 port 5${turn} ssh2`),
  ),
  line(5_000, 601, 'Accepted publickey for cleo from 192.0.2.60 port 6000 ssh2: ED25519 SHA256:abc'),
  line(5_100, 602, 'Failed none for dan from 192.0.2.61 port 6001 ssh2'),
  line(5_101, 602, 'Accepted password for dan from 192.0.2.61 port 6001 ssh2'),
];

const log = [...bruteForce, ...enumeration, ...harmless, ''].join('\n');
const ATTEMPTS = 6 + 5 + 4 + 5 + 2;
const ATTACKERS = ['198.51.100.77', '203.0.113.9'];

describe('an sshd log shipped into a running Gatehouse', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let folder: string;
  let key: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Gate');
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-log-'));
    await writeFile(join(folder, 'auth.log'), log);
  });
  afterAll(async () => {
    await gatehouse.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const ship = async (): Promise<ShipResult> => {
    const paths = ['--file', join(folder, 'auth.log'), '--state', join(folder, 'position.json')];
    const args = ['ship', ...paths, '--from-start', '--zone', 'UTC', '--url', gatehouse.urls[0]!, '--json'];
    const { code, stdout, stderr } = await runCli(args, { GATEHOUSE_KEY: key });
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as ShipResult;
  };
  const stored = async () => {
    const { body } = await staff.call<{ items: { outcome: string; ip: string }[] }>(
      'GET',
      '/api/v1/attempts?limit=200',
    );
    return body.items.filter(({ ip }) => ip !== '127.0.0.1');
  };
  const alerts = async () =>
    (await staff.call<{ items: AlertView[] }>('GET', '/api/v1/alerts?status=all&limit=100')).body.items;

  it('has as many attempts as one counts by hand', () => {
    const counted = countLog(log);
    expect({ ...counted, attackers: counted.attackers.sort() }).toEqual({
      attempts: ATTEMPTS,
      successes: 2,
      attackers: ATTACKERS,
    });
  });

  it('gives each real attempt once, with alerts about those who attack and nobody else', async () => {
    const lines = log.split('\n').length - 1;
    expect(await ship()).toEqual({ lines, attempts: ATTEMPTS, recorded: ATTEMPTS, duplicates: 0, rejected: 0 });
    await eventually(async () => (await stored()).length === ATTEMPTS, 'all are scored');
    expect((await stored()).filter(({ outcome }) => outcome === 'success')).toHaveLength(2);
    const raised = await alerts();
    const about = (kind: AlertView['kind']) =>
      raised
        .filter((alert) => alert.kind === kind)
        .map(({ ip }) => ip)
        .sort();
    expect(about('brute-force-source')).toEqual(ATTACKERS);
    expect(new Set(raised.map(({ ip }) => ip))).toEqual(new Set(ATTACKERS));
  });

  it('changes nothing when it comes again', async () => {
    const before = { attempts: await stored(), alerts: await alerts() };
    expect(await ship()).toMatchObject({ attempts: ATTEMPTS, recorded: 0, duplicates: ATTEMPTS, rejected: 0 });
    expect({ attempts: await stored(), alerts: await alerts() }).toEqual(before);
  });
});
