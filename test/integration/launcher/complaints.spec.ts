import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeIsTooOld } from '../../../server/cli/node-version.mjs';
import { runCli, testFolder } from '../../support/gatehouse-process.js';

describe('what stops a start, in one sentence', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  beforeAll(async () => (folder = await testFolder()));
  afterAll(() => folder.remove());

  const complaintOf = async (env: Record<string, string>): Promise<string> => {
    const { code, stderr } = await runCli(['start'], { GATEHOUSE_DATA_DIR: join(folder.path, 'data'), ...env });
    expect(code).toBe(1);
    return stderr;
  };

  it('a port in use', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const complaint = await complaintOf({ PORT: String(port) });
    other.close();
    expect(complaint).toMatch(
      new RegExp(`^Port ${port} on 127.0.0.1 is in use by another program: .* PORT=\\d+ npm start\\.\n$`),
    );
  });

  it('a port in use, told by npm start before it installs or builds anything', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    // Nothing is installed there, so anything else it did first would be another complaint, or take its time.
    const bare = join(folder.path, 'bare');
    await cp('server/cli', join(bare, 'server/cli'), { recursive: true });
    const npmStart = (PORT: number) =>
      promisify(execFile)(process.execPath, ['server/cli/start.mjs'], {
        cwd: bare,
        env: { PATH: '', PORT: `${PORT}` },
      });
    await expect(npmStart(port)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: `Port ${port} on 127.0.0.1 is in use by another program: stop that, or choose another port with PORT=${port + 1} npm start.\n`,
    });
    other.close();
    await once(other, 'close');
    await expect(npmStart(port)).rejects.not.toMatchObject({ stderr: expect.stringContaining('is in use') as string });
  });

  it('a configuration value that makes no sense', async () => {
    expect(await complaintOf({ PORT: 'eighty' })).toMatch(/^PORT must be a number.*\n$/);
    expect(await complaintOf({ DATABASE_URL: 'mysql://x' })).toMatch(/^DATABASE_URL must look like postgres:.*\n$/);
  });

  it('an address that is not of this machine', async () => {
    expect(await complaintOf({ HOST: '203.0.113.1', PORT: '0' })).toMatch(
      /^HOST 203\.0\.113\.1 is not an address of this machine.*\n$/,
    );
  });

  it('a data folder that is a file', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    expect(await complaintOf({ GATEHOUSE_DATA_DIR: file })).toMatch(/ is not a folder: set GATEHOUSE_DATA_DIR.*\n$/);
  });

  (process.platform === 'linux' ? it : it.skip)('a data folder where none can be made', async () => {
    expect(await complaintOf({ GATEHOUSE_DATA_DIR: '/proc/x/data' })).toBe(
      "The data folder /proc/x/data can't be written (ENOENT): make it writable or set GATEHOUSE_DATA_DIR to another folder.\n",
    );
  });

  (canMount() ? it : it.skip)('a full disk', async () => {
    const small = join(folder.path, 'small disk');
    await mkdir(small);
    // Enough for a note and a key, and a tenth of an empty database.
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=755', 'tmpfs', small]);
    try {
      const data = join(small, 'data');
      const complaint = await complaintOf({ GATEHOUSE_DATA_DIR: data, PORT: '0' });
      expect(complaint).toBe(
        `The disk that holds ${join(data, 'postgres')} is full: free some space, then start again.\n`,
      );
    } finally {
      spawnSync('umount', [small]);
    }
  });

  it('a database that is not there', async () => {
    const complaint = await complaintOf({ DATABASE_URL: 'postgres://nobody:none@127.0.0.1:1/none', PORT: '0' });
    expect(complaint).toBe("The database can't be reached: nothing listens there; check DATABASE_URL.\n");
  });

  it('an old Node', () => {
    expect(nodeIsTooOld('18.20.1')).toMatch(
      /^Gatehouse needs Node 20\.19 or newer, and this is Node 18\.20\.1: [^.]+\S+/,
    );
    expect(nodeIsTooOld('20.18.9')).toBeDefined();
    expect([nodeIsTooOld('20.19.0'), nodeIsTooOld('22.0.0'), nodeIsTooOld('24.4.1')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('an old Node, told by npm start itself before anything else is loaded', () => {
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.18.9'})`;
    const { status, stderr } = spawnSync(process.execPath, ['--import', pretend, 'server/cli/start.mjs'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Gatehouse needs Node 20\.19 or newer, and this is Node 20\.18\.9: .*\n$/);
  });

  it('an unknown command', () => {
    const { status, stdout } = spawnSync(process.execPath, ['server/cli/gatehouse.mjs', 'frobnicate'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stdout).toBe('');
  });
});

/** Whether this is root with the right to mount, which root in a container often has not. */
function canMount(): boolean {
  return process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
}
