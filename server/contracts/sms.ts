import { z } from 'zod';
import { callingCodeOf } from './calling-codes.js';
import { instant } from './paging.js';

/** A phone number in international form (ITU-T E.164: at most 15 digits); spaces, hyphens, dots and brackets are dropped. */
export const phoneNumber = z
  .string()
  .max(40)
  .overwrite((text) => text.replace(/[\s().-]/g, '').replace(/^00/, '+'))
  .regex(/^\+[1-9]\d{6,14}$/, 'begins with + and the code of the country, such as +49 151 23456789')
  .refine((number) => callingCodeOf(number) !== undefined, 'the code of the country is not known');

/** Beginning of the numbers that codes may go to, such as `+49`. */
const numberPrefix = z.string().regex(/^\+[1-9]\d{0,6}$/, 'is a + and digits, such as +49');

/** A name of a header that a gateway may ask for; those that describe the request itself are ours. */
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,60}$/, 'letters, digits and hyphens')
  .refine((name) => !ownHeaders.has(name.toLowerCase()), 'is set by Gatehouse');
const ownHeaders = new Set([
  'host',
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'expect',
  'te',
]);
const address = z.url({ protocol: /^https?$/, error: 'a full address such as https://sms.example.com/send' }).max(500);

/** Twilio's form of sending: `POST /2010-04-01/Accounts/{sid}/Messages.json` with Basic authentication. */
const twilio = z.strictObject({
  form: z.literal('twilio'),
  /** Twilio's own, a region of it, or a service that speaks like it. */
  url: address,
  accountSid: z.string().regex(/^AC[0-9a-f]{32}$/, 'AC and 32 digits from 0 to f'),
  /** A number of one's own, the id of a messaging service, or a name of at most 11 letters and digits. */
  from: z
    .string()
    .regex(/^(\+[1-9]\d{6,14}|MG[0-9a-f]{32}|[A-Za-z0-9 ]{1,11})$/, 'a number, a messaging service or a name'),
});

/**
 * Any gateway that takes one HTTP request a message. In the address and the body stand `{to}` (`+4915123456789`), `{digits}` (the same
 * without +), `{text}` and `{secret}`; in headers only `{secret}`. Each is written as its place demands.
 */
const template = z.strictObject({
  form: z.literal('template'),
  url: address,
  method: z.enum(['GET', 'POST', 'PUT']),
  headers: z
    .array(z.strictObject({ name: headerName, value: z.string().regex(/^[\x20-\x7e]{0,500}$/, 'plain letters') }))
    .max(10),
  bodyType: z.enum(['json', 'form', 'text']),
  body: z.string().max(4_000),
  /** Answers that mean "taken": `2xx`, or single ones such as `200, 202`. */
  success: z.string().regex(/^[1-5](\d\d|xx)(, ?[1-5](\d\d|xx))*$/, 'such as 2xx, or 200, 202'),
});

export const smsGateway = z.discriminatedUnion('form', [twilio, template]);
export type SmsGateway = z.infer<typeof smsGateway>;
export type SmsTemplate = z.infer<typeof template>;

/** Most messages that may be allowed for one day. */
const PER_DAY_MAX = 100_000;
const limits = {
  /** Beginnings of numbers that codes may go to; empty where all may. */
  prefixes: z.array(numberPrefix).max(50),
  /** Messages in 24 hours, for the whole installation: what a fraud can cost at most. */
  perDay: z.number().int().min(1).max(PER_DAY_MAX),
};

export const smsGatewayChange = z.strictObject({
  gateway: smsGateway,
  /** Auth token or key; left out where the present one stays, which it may only where it goes to the same server. */
  secret: z
    .string()
    .regex(/^[\x21-\x7e]{1,500}$/, 'letters, digits and signs without spaces')
    .optional(),
  ...limits,
});
export type SmsGatewayChange = z.infer<typeof smsGatewayChange>;

/** How codes by SMS leave. The secret is never part of it. */
export const smsGatewayView = z.object({
  gateway: smsGateway.nullable(),
  ...limits,
  /** Messages in the last 24 hours. */
  sentToday: z.number().int(),
  changedAt: instant.nullable(),
});
export type SmsGatewayView = z.infer<typeof smsGatewayView>;

export const smsTest = z.strictObject({ to: phoneNumber });
/** What the gateway made of a test message, in a sentence. */
export const smsTestResult = z.object({ taken: z.boolean(), answer: z.string() });
export type SmsTestResult = z.infer<typeof smsTestResult>;
