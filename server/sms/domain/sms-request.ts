import type { SmsGateway, SmsTemplate } from '../../contracts/sms.js';

export type TextMessage = { to: string; text: string };
export type SmsRequest = { url: string; method: string; headers: Record<string, string>; body: string | undefined };

const bodyTypes: Record<SmsTemplate['bodyType'], string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  text: 'text/plain; charset=utf-8',
};
type Escape = (text: string) => string;
const asIs: Escape = (text) => text;
const inJson: Escape = (text) => JSON.stringify(text).slice(1, -1);
const escapes: Record<SmsTemplate['bodyType'], Escape> = { json: inJson, form: encodeURIComponent, text: asIs };

/** What one message is to the gateway. @param secret its auth token or key */
export function smsRequest(gateway: SmsGateway, secret: string, message: TextMessage): SmsRequest {
  return gateway.form === 'twilio' ? toTwilio(gateway, secret, message) : fromTemplate(gateway, secret, message);
}

function toTwilio(
  { url, accountSid, from }: Extract<SmsGateway, { form: 'twilio' }>,
  secret: string,
  { to, text }: TextMessage,
): SmsRequest {
  const sender = from.startsWith('MG') && from.length > 11 ? { MessagingServiceSid: from } : { From: from };
  return {
    url: `${new URL(url).origin}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${accountSid}:${secret}`)}`, 'content-type': bodyTypes.form },
    body: new URLSearchParams({ To: to, ...sender, Body: text }).toString(),
  };
}

function fromTemplate(template: SmsTemplate, secret: string, message: TextMessage): SmsRequest {
  const { url, method, headers, bodyType, body } = template;
  const values = { ...message, digits: message.to.slice(1), secret };
  const sends = method !== 'GET';
  return {
    url: fill(url, values, encodeURIComponent),
    method,
    headers: {
      ...Object.fromEntries(headers.map(({ name, value }) => [name, fill(value, { secret }, asIs)])),
      ...(sends ? { 'content-type': bodyTypes[bodyType] } : {}),
    },
    body: sends ? fill(body, values, escapes[bodyType]) : undefined,
  };
}

/** In one pass: what a value holds is never filled in again. */
const fill = (pattern: string, values: Record<string, string>, escape: Escape): string =>
  pattern.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : escape(value);
  });

/** What is wrong with a gateway, by field; every part of it may be right and the whole still send nothing. */
export function faultsOf(gateway: SmsGateway): { path: string; message: string }[] {
  if (gateway.form === 'twilio') return [];
  const { url, method, bodyType, body } = gateway;
  const told = method === 'GET' ? url : `${url} ${body}`;
  const faults: { path: string; message: string }[] = [];
  const field = method === 'GET' ? 'gateway.url' : 'gateway.body';
  if (!/\{(to|digits)\}/.test(told)) faults.push({ path: field, message: 'has no {to}: nobody would get the code' });
  if (!told.includes('{text}')) faults.push({ path: field, message: 'has no {text}: the code would be missing' });
  // A host made of a value could be any.
  if (/\{/.test(originText(url))) faults.push({ path: 'gateway.url', message: 'names its server without {…}' });
  if (
    method !== 'GET' &&
    bodyType === 'json' &&
    !isJson(fill(body, { to: '+1', digits: '1', text: 'x', secret: 'x' }, inJson))
  )
    faults.push({ path: 'gateway.body', message: 'is not valid JSON' });
  return faults;
}

const originText = (url: string): string => /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? '{';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
