import { readFile } from 'node:fs/promises';
import type { MailKind, NotificationPayload } from '../../../server/contracts/notifications.js';
import { writeMessage } from '../../../server/notifications/domain/messages/index.js';
import { oneLine, renderHtml, renderText } from '../../../server/notifications/domain/render-message.js';
import { judgeFailure, pauseAfter } from '../../../server/notifications/domain/retry.js';

const circumstances = { at: '2026-11-24T14:09:41Z', ip: '203.0.113.77', client: 'Chrome on Linux', place: 'Singapore' };
const by = { circumstances, by: 'Ana Lima' };
const payloads: { [K in MailKind]: NotificationPayload<K> } = {
  password_reset_link: { circumstances, minutes: 30 },
  password_changed: { circumstances, by: null },
  password_change_required: { by: 'Ana Lima', reason: 'Found in a leak' },
  longer_password_required: { minimum: 15 },
  invitation: { by: 'Ana Lima', days: 7 },
  address_confirmation: { address: 'sam@home.example', hours: 24 },
  address_added: { ...by, address: 'sam@home.example' },
  address_removed: { ...by, address: 'sam@home.example' },
  notices_stopped: { ...by, address: 'sam@home.example' },
  role_changed: { ...by, role: 'Analyst' },
  new_device_sign_in: { circumstances, application: 'Webmail', factors: ['password'] },
  trust_copied: { circumstances, device: 'Firefox on Windows' },
  session_ended: { ...by, sessions: ['Chrome on Linux'], reason: 'Lost phone' },
  sign_in_disowned: { circumstances, person: 'Sam', email: 'sam@example.com', application: 'Webmail', alert: '1042' },
  account_secured: by,
  manager_warning: {
    ...{
      circumstances,
      person: 'Sam',
      application: 'Webmail',
      alert: 'A-1042',
      until: '2026-11-25T14:09:41Z',
      minutes: 30,
    },
    novelties: ['country', 'device'],
    revokedSession: false,
  },
  sign_in_not_expected: { circumstances, person: 'Sam', by: 'Ana Lima', application: 'Webmail', alert: '1042' },
  was_this_you: { circumstances, application: 'Webmail', hours: 24 },
  sign_in_code: { circumstances, minutes: 10 },
  factor_added: { ...by, factor: 'Authenticator app' },
  factor_removed: { ...by, factor: 'Authenticator app' },
  two_step_turned_off: by,
  two_step_reminder: { by: 'Ingrid Solheim' },
  factors_reset: { ...by, identityCheck: 'in_person', note: 'Passport seen at the desk' },
  backup_codes_made: { circumstances, count: 10 },
  backup_codes_low: { left: 3 },
  recovery_started: { circumstances, readyAt: '2026-11-27T14:09:41Z' },
  recovery_reminder: { startedAt: '2026-11-24T14:09:41Z', readyAt: '2026-11-27T14:09:41Z' },
  recovery_ready: { startedAt: '2026-11-24T14:09:41Z', hours: 24 },
  recovery_cancelled: { at: '2026-11-24T14:09:41Z', how: 'It was cancelled by Ana Lima.' },
  recovery_completed: { circumstances },
  recovery_watched: { circumstances, person: 'Sam', readyAt: '2026-11-27T14:09:41Z' },
  break_glass_used: { circumstances, email: 'ana@example.com' },
  webhook_disabled: {
    at: '2026-11-24T14:09:41Z',
    server: 'hooks.example.com',
    reason: 'It answered 410: Gone',
  },
  digest: {
    counts: [{ kind: 'manager_warning', count: 12 }],
    links: [{ person: 'Sam', alert: 'A-1042' }],
    critical: false,
  },
  test_message: {},
};
const context = {
  name: 'Sam <script>alert(1)</script>',
  organisation: 'Kestrel & Marine',
  consoleUrl: 'https://gatehouse.example.com',
  timeZone: 'Europe/Lisbon',
  secret: 'S3CRET',
};
/** A digest carries several. */
const contextOf = (kind: MailKind) => (kind === 'digest' ? { ...context, secret: '["S3CRET"]' } : context);
const envelope = { recipient: 'sam@example.com', number: 'G-20261124-417' };

describe('messages', () => {
  it('link only to pages that the console has', async () => {
    const routes = await readFile(new URL('../../../dashboard/src/app/routes.ts', import.meta.url), 'utf8');
    const pages = [...routes.matchAll(/pattern: '([^']+)'/g)].map(
      ([, pattern]) => new RegExp(`^${pattern!.replaceAll(/:\w+/g, '[^/]+')}$`),
    );
    const texts = (Object.keys(payloads) as MailKind[]).map((kind) =>
      renderText({ message: writeMessage(kind, payloads[kind] as never, contextOf(kind)), context, envelope }),
    );
    const links = texts.join('\n').matchAll(/https:\/\/gatehouse\.example\.com(\/[\w/-]*)/g);
    const paths = [...new Set(Array.from(links, ([, path]) => path!))];
    expect(paths.length).toBeGreaterThan(4);
    expect(paths.filter((path) => !pages.some((page) => page.test(path)))).toEqual([]);
  });

  it.each(Object.keys(payloads) as MailKind[])('%s says what happened, how to undo it and where by hand', (kind) => {
    const message = writeMessage(kind, payloads[kind] as never, contextOf(kind));
    const page = { message, context, envelope };
    const [text, html] = [renderText(page), renderHtml(page)];
    expect(message.subject).toBe(oneLine(message.subject));
    expect(message.subject).not.toContain('S3CRET');
    expect(message.undo.length).toBeGreaterThan(0);
    expect(text).toContain(`Type gatehouse.example.com yourself and open "${message.page}"`);
    expect(text).toContain('Message G-20261124-417');
    expect(html).not.toMatch(/<script|<img|src=|url\(|@import/);
    expect(html).toContain('Kestrel &amp; Marine');
    for (const [link] of html.matchAll(/https?:\/\/[^\s"<)]+/g))
      expect(link).toMatch(/^https:\/\/gatehouse\.example\.com/);
  });

  it('names the time in the zone of the organisation, and the secret only behind "#"', () => {
    const message = writeMessage('password_reset_link', payloads.password_reset_link, context);
    expect(message.facts[0]).toEqual({ label: 'When', value: 'Tuesday 24 November, 14:09', note: 'Lisbon time' });
    expect(message.action?.url).toBe('https://gatehouse.example.com/reset#token=S3CRET');
  });

  it('refuses to write about a secret that is not there', () => {
    const without = { ...context, secret: undefined };
    expect(() => writeMessage('sign_in_code', payloads.sign_in_code, without)).toThrow(/secret/);
  });

  it('makes one line of anything', () => {
    expect(oneLine('a\r\nBcc: b\u2028c\u0085d\u0000')).toBe('a Bcc: b c d');
  });

  it('lets no name turn the words around it', () => {
    const person = '\u2066Robert \u202eeniraM';
    const page = {
      message: writeMessage('sign_in_disowned', { ...payloads.sign_in_disowned, person }, { ...context, name: person }),
      context: { ...context, name: person },
      envelope: { recipient: 'sam@example.com', number: 'G-20261124-417' },
    };
    expect(oneLine(page.message.subject)).toBe('Robert eniraM says: that sign-in was not me');
    for (const text of [renderText(page), renderHtml(page)]) {
      expect(text).toContain('Robert eniraM (sam@example.com)');
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it('doesn’t speak of a change where an invitation sets the first password', () => {
    const { subject, paragraphs } = writeMessage('password_changed', { circumstances, by: null, first: true }, context);
    expect(subject).toBe('Your password is set');
    expect(paragraphs.join()).not.toMatch(/changed|signed out/);
  });
});

describe('what becomes of a failed try', () => {
  it('waits longer each time, and gives up after about a day', () => {
    const pauses = Array.from({ length: 12 }, (_, index) => pauseAfter(index + 1));
    const given = pauses.filter((pause) => pause !== undefined);
    expect(given).toEqual([...given].sort((a, b) => a - b));
    expect(given.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(20 * 3_600);
    expect(pauses.at(-1)).toBeUndefined();
  });

  it.each([
    [450, true, 'later'],
    [550, true, 'refused'],
    [535, false, 'later'],
    [undefined, true, 'later'],
  ])('judges %s (about the message: %s) as %s', (code, duringMessage, outcome) => {
    expect(judgeFailure(code, duringMessage, 'answer')).toEqual({ outcome, error: 'answer' });
  });
});
