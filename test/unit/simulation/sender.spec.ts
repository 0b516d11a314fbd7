import { AttemptSender, SendingRefused } from '../../../server/simulation/send-attempts.js';
import { FakeServer, FakeTime } from './fake-server.js';

const attempt = {
  occurredAt: '2026-11-24T10:00:00.000Z',
  subject: 'sam.okafor@example.com',
  outcome: 'success',
  ip: '62.48.161.10',
} as const;
const refusal = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json({ code, title: 'No.', status }, { status, headers });

function stage(answers: (Response | Error)[]) {
  const time = new FakeTime(0);
  const abort = new AbortController();
  const server = new FakeServer(time, answers);
  const sender = new AttemptSender({
    url: 'http://127.0.0.1:1',
    signal: abort.signal,
    fetch: server.fetch,
    sleep: time.sleep,
  });
  return { sender, server, time, abort };
}

describe('sending attempts', () => {
  it.each([
    [429, 'backlog_full'],
    [503, 'unavailable'],
  ])('waits as long as Retry-After of %i says and sends the same again', async (status, code) => {
    const { sender, server, time } = stage([refusal(status, code, { 'retry-after': '7' })]);
    expect(await sender.attempts('key', [attempt])).toEqual({ recorded: 1, duplicates: 0, rejected: [] });
    expect(time.slept).toEqual([7_000]);
    expect(server.bodies[1]).toBe(server.bodies[0]);
  });

  it('backs off while no server answers', async () => {
    const { sender, time } = stage(Array.from({ length: 7 }, () => new TypeError('fetch failed')));
    await sender.attempts('key', [attempt]);
    expect(time.slept).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('understands a server error without Retry-After, and gives up after eight of them', async () => {
    const { sender, time } = stage(Array.from({ length: 8 }, () => refusal(500, 'internal')));
    await expect(sender.attempts('key', [attempt])).rejects.toMatchObject({ status: 500, code: 'internal' });
    expect(time.slept).toHaveLength(7);
  });

  it('does not argue with a refusal', async () => {
    const { sender, time } = stage([refusal(401, 'invalid_key')]);
    await expect(sender.attempts('key', [attempt])).rejects.toThrow(SendingRefused);
    expect(time.slept).toEqual([]);
  });

  it('says the status where the answer is no problem document', async () => {
    const { sender } = stage([new Response('<h1>Forbidden</h1>', { status: 403 })]);
    await expect(sender.attempts('key', [attempt])).rejects.toThrow('The server answered 403.');
  });

  it('stops when aborted while it waits', async () => {
    const { sender, abort } = stage([new TypeError('fetch failed')]);
    abort.abort(new Error('enough'));
    await expect(sender.attempts('key', [attempt])).rejects.toThrow('enough');
  });
});
