import { nextPath } from '../../../dashboard/src/app/next-path.js';

const origin = 'https://gatehouse.example';

describe('the page to open after signing in', () => {
  it.each([
    ['/alerts/7?tab=history#last', '/alerts/7?tab=history#last'],
    ['/live?subject=%2F%2Fevil.example', '/live?subject=%2F%2Fevil.example'],
    ['/me\t/2fa', '/me/2fa'],
    ['/people?search=\u202eeve', '/people?search=%E2%80%AEeve'],
  ])('keeps a path of this console: %j', (next, path) => {
    expect(nextPath(next, origin)).toBe(path);
  });

  it.each([
    null,
    '',
    'evil.example',
    '//evil.example',
    '/\t/evil.example/x',
    '/\n/evil.example/x',
    '/\r/evil.example/x',
    '\t//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'http://evil.example/x',
    'https://gatehouse.example.evil.example/',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '\u202e//evil.example',
    '//[',
  ])('leads nowhere else: %j', (next) => {
    expect(nextPath(next, origin)).toBeNull();
  });
});
