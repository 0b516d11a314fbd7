import type { Circumstances, MailKind, NotificationPayload } from '../../contracts/notifications.js';

/** One line of what happened: When, Where, With. */
export type Fact = { label: string; value: string; note?: string };

/** What a message says, before it has a form. Every kind says what happened, how to undo it, and how to get there by hand. */
export type Message = {
  subject: string;
  heading: string;
  paragraphs: string[];
  facts: Fact[];
  /** A code to type, shown large. */
  code?: string;
  action?: { label: string; url: string; note: string; others?: { label: string; url: string }[] };
  /** What to do when it was not expected. */
  undo: string[];
  /** Where the same is found by hand: the name of the page, as the console's menu calls it. */
  page: string;
};

/** What the writers of messages know about the recipient. */
export type MessageContext = {
  name: string;
  organisation: string;
  /** Origin of the console, without a trailing slash. */
  consoleUrl: string;
  timeZone: string;
  /** The code or token that this kind carries. */
  secret: string | undefined;
};

/** Turns payloads of one kind into what is said. */
export type Writer<K extends MailKind> = (payload: NotificationPayload<K>, context: MessageContext) => Message;
export type Writers<K extends MailKind> = { [Kind in K]: Writer<Kind> };

/** @throws Error when the message was queued without the secret that it is about */
export function secretOf(context: MessageContext): string {
  if (context.secret === undefined) throw new Error('The message lacks its secret.');
  return context.secret;
}

/** A page of the console with a token behind `#`, which browsers never send to a server or a proxy's log. */
export const linkTo = (context: MessageContext, page: string): string =>
  `${context.consoleUrl}${page}#token=${secretOf(context)}`;

/** When, where from and with what; what is not known is left out. */
export function factsOf({ at, place, client, ip }: Circumstances, timeZone: string): Fact[] {
  return [
    timeFact('When', at, timeZone),
    ...(place === null ? [] : [{ label: 'Where', value: `near ${place}`, note: 'from the IP address, may be off' }]),
    ...(client === null ? [] : [{ label: 'With', value: client }]),
    ...(ip === null ? [] : [{ label: 'Address', value: ip }]),
  ];
}

/** The zone is named by its city, as people know it: "Lisbon time". */
export function timeFact(label: string, at: string, timeZone: string): Fact {
  const parts = { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' } as const;
  const value = new Intl.DateTimeFormat('en-GB', { ...parts, timeZone }).format(new Date(at)).replace(' at ', ', ');
  const zone = timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone;
  return { label, value, note: zone === 'UTC' ? 'UTC' : `${zone} time` };
}

/** Who did it, as a sentence's beginning; null means the recipient. */
export const doerOf = (by: string | null): string =>
  by === null ? 'You, or someone with access to your account,' : by;
