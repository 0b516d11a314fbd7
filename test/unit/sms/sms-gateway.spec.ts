import { phoneNumber, type SmsGateway, type SmsTemplate } from '../../../server/contracts/sms.js';
import { writeText } from '../../../server/notifications/domain/write-text.js';
import { OutgoingRefused, sendOutside } from '../../../server/platform/outgoing.js';
import { coveredNumber } from '../../../server/sms/covered-number.js';
import { judgeAnswer } from '../../../server/sms/domain/judge-answer.js';
import { faultsOf, smsRequest } from '../../../server/sms/domain/sms-request.js';
import { jsonGateway, startSmsGateway } from '../../support/sms-gateway.js';

const template: SmsTemplate = jsonGateway('https://sms.example.com');
const message = { to: '+491512345678', text: 'Say "hi" & {secret}' };

describe('a phone number', () => {
  it('is read in international form and shown covered', () => {
    expect(phoneNumber.parse('0049 (151) 234-5678')).toBe('+491512345678');
    expect(coveredNumber('+491512345678')).toBe('+49 ••• 78');
    expect(coveredNumber('+351912345678')).toBe('+351 ••• 78');
  });

  it.each(['0151 2345678', '+49', '+881612345678', '+9991234567', '+49151234567890123', 'Sam'])('is not %s', (text) => {
    expect(phoneNumber.safeParse(text).success).toBe(false);
  });
});

describe('a message to the gateway', () => {
  it('is written as its place demands, and values are never filled in again', () => {
    expect(JSON.parse(smsRequest(template, 'k', message).body!)).toEqual({
      recipient: '491512345678',
      message: message.text,
    });
    const asForm = smsRequest({ ...template, bodyType: 'form', body: 'to={to}&m={text}' }, 'k', message).body!;
    expect(Object.fromEntries(new URLSearchParams(asForm))).toEqual({ to: message.to, m: message.text });
    const asked = smsRequest(
      { ...template, method: 'GET', url: 'https://x.example/?t={text}&k={secret}' },
      'a&b',
      message,
    );
    expect([...new URL(asked.url).searchParams.values()]).toEqual([message.text, 'a&b']);
    expect(asked.body).toBeUndefined();
  });

  it('is refused as a template that would send nothing, or to any server', () => {
    const paths = (one: SmsGateway) => faultsOf(one).map(({ path }) => path);
    expect(paths(template)).toEqual([]);
    expect(paths({ ...template, body: '{"to":"{to}","text":{text}}' })).toEqual(['gateway.body']);
    expect(paths({ ...template, method: 'GET' })).toEqual(['gateway.url', 'gateway.url']);
    expect(paths({ ...template, url: 'https://{text}.example.com/' })).toEqual(['gateway.url']);
  });

  it.each([
    [200, 'sent'],
    [302, 'refused'],
    [400, 'refused'],
    [401, 'later'],
    [429, 'later'],
    [503, 'later'],
  ])('with the answer %i is %s', (status, outcome) => {
    expect(judgeAnswer(template, { status, text: '' }).outcome).toBe(outcome);
  });

  it('is taken only with the answers that the template names', () => {
    expect(judgeAnswer({ ...template, success: '202, 204' }, { status: 200, text: 'no' })).toEqual({
      outcome: 'refused',
      error: '200 no',
    });
  });

  it('fits one message, and is bound to a console that is reached by HTTPS', () => {
    const text = writeText('493817', 10, 'https://gatehouse.example.com');
    expect(text).toMatch(/\n@gatehouse\.example\.com #493817$/);
    expect(text.length).toBeLessThanOrEqual(160);
    expect(writeText('493817', 10, 'http://127.0.0.1:3000')).not.toContain('@');
  });
});

describe('a request to an address that somebody typed', () => {
  const send = (url: string, privateAllowed: boolean, timeoutMs = 5_000) =>
    sendOutside({ url, method: 'GET', headers: {}, body: undefined }, { privateAllowed, timeoutMs });

  it.each([
    'http://sms.example.com/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://10.0.0.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
  ])('is not sent to %s', async (url) => {
    await expect(send(url, false)).rejects.toBeInstanceOf(OutgoingRefused);
  });

  it('follows no redirect and waits for no answer for ever', async () => {
    const server = await startSmsGateway();
    try {
      server.answer = 'elsewhere';
      expect((await send(server.url, true)).status).toBe(302);
      server.answer = 'silence';
      await expect(send(server.url, true, 100)).rejects.toMatchObject({ name: 'AbortError' });
    } finally {
      await server.stop();
    }
  });
});
