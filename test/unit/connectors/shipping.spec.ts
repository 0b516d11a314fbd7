import fc from 'fast-check';
import { LINE_BYTES_MAX, LineSplitter } from '../../../server/connectors/ship/line-splitter.js';
import { planOf, ShipError } from '../../../server/connectors/ship/options.js';
import { readRetryAfter, Sender } from '../../../server/connectors/ship/sender.js';

describe('lines', () => {
  test('come out whole however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 })),
        fc.integer({ min: 1, max: 9 }),
        (parts, size) => {
          const lines = parts.map((part) => part.replace(/[\r\n\0]/g, ''));
          const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
          const splitter = new LineSplitter();
          const buffer = Buffer.alloc(size);
          const found = [];
          for (let at = 0; at < bytes.length; at += size) {
            const length = bytes.copy(buffer, 0, at, at + size);
            found.push(...splitter.push(buffer.subarray(0, length)));
          }
          expect(found.map((line) => line.text)).toEqual(lines);
          expect(found.reduce((sum, line) => sum + line.bytes, 0)).toBe(bytes.length);
        },
      ),
    );
  });

  test('that are too long are skipped with their size', () => {
    const splitter = new LineSplitter();
    const chunk = Buffer.alloc(LINE_BYTES_MAX, 'x');
    expect([
      ...splitter.push(chunk),
      ...splitter.push(chunk),
      ...splitter.push(Buffer.from('\r\n\0\0ok\r\nrest')),
    ]).toEqual([
      { text: null, bytes: LINE_BYTES_MAX * 2 + 2 },
      { text: 'ok', bytes: 6 },
    ]);
    expect(splitter.held).toBe(4);
    expect(splitter.rest()).toEqual({ text: 'rest', bytes: 4 });
    expect(splitter.rest()).toBeNull();
  });
});

test('Retry-After is seconds or a date, and bounded', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  expect(readRetryAfter('7', now)).toBe(7_000);
  expect(readRetryAfter('Tue, 24 Nov 2026 12:00:09 GMT', now)).toBe(9_000);
  expect(readRetryAfter('Tue, 24 Nov 2026 11:00:00 GMT', now)).toBe(0);
  expect(readRetryAfter('99999', now)).toBe(300_000);
  expect(readRetryAfter('soon', now)).toBeNull();
  expect(readRetryAfter(null, now)).toBeNull();
});

describe('options', () => {
  const good = { url: 'https://gate.example/sub', key: 'k' };
  test('have defaults', () => {
    const plan = planOf({ ...good, file: '-', follow: true });
    expect(plan).toMatchObject({ file: null, follow: false, fromStart: false, format: 'auto' });
    expect(plan.endpoint.href).toBe('https://gate.example/sub/api/v1/attempts');
  });
  test.each([
    { url: 'nonsense' },
    { url: 'ftp://x' },
    { key: '' },
    { key: 'a\nb' },
    { zone: 'Mars/Base' },
    { year: 26 },
  ])('refuse %j in a sentence', (bad) => {
    expect(() => planOf({ ...good, ...bad })).toThrow(ShipError);
  });
});

describe('sending', () => {
  const answer = (status: number, body: unknown = { recorded: 0, duplicates: 0, rejected: [] }): Response =>
    new Response(JSON.stringify(body), { status });
  const sender = (fetch: (body: string) => Response, patienceMs = 0): { sender: Sender; notices: string[] } => {
    const notices: string[] = [];
    const made = new Sender(
      { endpoint: new URL('http://gate.example/api/v1/attempts'), key: 'k', patienceMs },
      {
        fetch: (_, init) => Promise.resolve(fetch(typeof init?.body === 'string' ? init.body : '')),
        now: Date.now,
        random: () => 0,
        signal: new AbortController().signal,
        onNotice: (sentence) => notices.push(sentence),
      },
    );
    return { sender: made, notices };
  };

  test.each([
    [401, 'does not know this key'],
    [403, 'scope attempts:write'],
    [404, 'check --url'],
    [302, 'check --url'],
    [503, 'Gave up'],
  ])('stops at %d with a sentence', async (status, sentence) => {
    const { sender: made } = sender(() => answer(status));
    await expect(made.send(['{}'], () => undefined)).rejects.toThrow(sentence);
  });

  test('halves what is too large and gives up on one record', async () => {
    const sizes: number[] = [];
    const { sender: made, notices } = sender((body) => {
      const rows = body.trimEnd().split('\n');
      sizes.push(rows.length);
      return rows.length > 1 || body.includes('big')
        ? answer(413)
        : answer(202, { recorded: 1, duplicates: 0, rejected: [] });
    });
    const sum = { recorded: 0, rejected: 0 };
    await made.send(['1', '2', '"big"'], (counts) => {
      sum.recorded += counts.recorded;
      sum.rejected += counts.rejected;
    });
    expect(sum).toEqual({ recorded: 2, rejected: 1 });
    expect(sizes).toEqual([3, 2, 1, 1, 1]);
    expect(notices).toHaveLength(1);
  });

  test('keeps to 2,000 lines and 4 MB', async () => {
    const bodies: string[] = [];
    const { sender: made } = sender((body) => {
      bodies.push(body);
      return answer(202);
    });
    const rows = [
      ...Array.from({ length: 4_500 }, () => 'x'),
      ...Array.from({ length: 10 }, () => 'y'.repeat(1_000_000)),
    ];
    await made.send(rows, () => undefined);
    expect(Math.max(...bodies.map((body) => body.split('\n').length - 1))).toBe(2_000);
    expect(Math.max(...bodies.map((body) => body.length))).toBeLessThanOrEqual(4_000_001);
    expect(bodies.join('')).toBe(rows.map((row) => `${row}\n`).join(''));
  });
});
