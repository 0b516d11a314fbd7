import fc from 'fast-check';
import { readPicture } from '../../../server/organisation/domain/read-picture.js';

/** A blue bar of 24 × 16 pixels, as Chromium wrote it. */
const pictures = {
  'image/png':
    'iVBORw0KGgoAAAANSUhEUgAAABgAAAAQCAYAAAAMJL+VAAAATElEQVR4AeyRwQkAIAwD1Vlcxi0czS1cxl30k1+RVLC/FEqghASuJQWPCihgg6j2uT1Lk2EwBbh/ExVQlEL0jmiNlj1Lk2HQDwDiLgcAAP//ZtloRAAAAAZJREFUAwDeZighLYesogAAAABJRU5ErkJggg==',
  'image/jpeg':
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQG/8QAJBAAAQMCBAcAAAAAAAAAAAAAEQABEwQFAxIVYQYUIiQxQlH/xAAVAQEBAAAAAAAAAAAAAAAAAAADBP/EABsRAAEEAwAAAAAAAAAAAAAAAAABEyExAhKB/9oADAMBAAIRAxEAPwDV3y86RB280ub3ygDZ/qktnE2oV+FS8pHIeqQgM7+Bsq75ZtXg7iGLN6ZiRu3xSWzhnT6/CqubkjPTGCWdvJ3VGLTc30JXNoo0CIinFP/Z',
  'image/webp':
    'UklGRooAAABXRUJQVlA4WAoAAAAQAAAAFwAADwAAQUxQSBgAAAABDzD/ERGCINtmZvO3OcVyhIj+TwB5vjpWUDggTAAAAHADAJ0BKhgAEAA+0VajS6gkoyGwCAEAGglkAKwZoCWAAO3PAAD+54uZzqSCxle62JOIvjQPo+08idTo8hm2/SPrwMZ0OR/1Adn8AAA=',
};
const lossless = Buffer.from(
  'UklGRkAAAABXRUJQVlA4WAoAAAAQAAAAFwAADwAAVlA4TCIAAAAvF8ADEA8wYEMyt/Mf8CDItqnZ/W1O8Rwhov/jAADNa94A',
  'base64',
);
const files = Object.entries(pictures).map(([type, text]) => [type, Buffer.from(text, 'base64')] as const);
const secret = Buffer.from('38.7223 N, 9.1393 W');

/** The same file, with something in it that isn't drawn. */
const withSecret: Record<string, (file: Buffer) => Buffer> = {
  'image/png': (file) => insert(file, 33, [size(secret.length), Buffer.from('eXIf'), secret, Buffer.alloc(4)]),
  'image/jpeg': (file) => insert(file, 2, [Buffer.from([0xff, 0xe1, 0, 2 + secret.length]), secret]),
  'image/webp': (file) => {
    const exif = Buffer.concat([Buffer.from('EXIF'), Buffer.from([secret.length, 0, 0, 0]), secret, Buffer.alloc(1)]);
    const whole = insert(file, 30, [exif]);
    whole.writeUInt32LE(whole.length - 8, 4);
    whole.writeUInt8(0x18, 20);
    return whole;
  },
};
const size = (bytes: number): Buffer => {
  const written = Buffer.alloc(4);
  written.writeUInt32BE(bytes);
  return written;
};
const insert = (file: Buffer, at: number, parts: Buffer[]): Buffer =>
  Buffer.concat([file.subarray(0, at), ...parts, file.subarray(at)]);

describe('a picture', () => {
  it.each(files)('of the type %s is known by what stands in it', (type, file) => {
    expect(readPicture(file)).toEqual({ type, width: 24, height: 16, bytes: new Uint8Array(file) });
  });

  it('may be compressed without loss', () => {
    expect(readPicture(lossless)).toMatchObject({ type: 'image/webp', width: 24, height: 16 });
  });

  it.each(files)('of the type %s keeps nothing that is not drawn, nor what follows it', (type, file) => {
    const given = Buffer.concat([withSecret[type]!(file), secret]);
    expect(given.includes(secret)).toBe(true);
    expect(readPicture(given)).toMatchObject({ width: 24, height: 16, bytes: new Uint8Array(file) });
  });

  it.each(files)('of the type %s is broken wherever it is cut off', (_type, file) => {
    for (let length = 12; length < file.length - 12; length += 1)
      expect([length, readPicture(file.subarray(0, length))]).toEqual([length, 'broken']);
  });

  it.each(files)('of the type %s that was tampered with is read again as it was read, or not at all', (_type, file) => {
    const changes = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, (list) => {
        const changed = Buffer.from(file);
        for (const [at, value] of list) changed[at] = value;
        const picture = readPicture(changed);
        if (typeof picture !== 'string') expect(readPicture(picture.bytes)).toEqual(picture);
      }),
      { numRuns: 2_000, seed: 5 },
    );
  });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['nothing', ''],
    ['a RIFF of sound', 'RIFF\0\0\0\0WAVEfmt '],
  ])('is not %s', (_what, text) => {
    expect(readPicture(Buffer.from(text))).toBe('unknown');
  });
});
