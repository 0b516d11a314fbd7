import { withoutDirectionSigns } from '../../contracts/direction-signs.js';
import type { Fact, Message, MessageContext } from './message.js';

/** What is printed at the foot of every message. */
export type Envelope = { recipient: string; number: string };
type Page = { message: Message; context: MessageContext; envelope: Envelope };

const hostOf = (url: string): string => new URL(url).host;

/** Anything below a space would end a header line, or look like it; names may be older than the rule for them. */
export const oneLine = (text: string): string =>
  withoutDirectionSigns(text)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();

/** Plain text, complete by itself: some people read nothing else. */
export function renderText({ message, context, envelope }: Page): string {
  const wide = Math.max(0, ...message.facts.map(({ label }) => label.length)) + 2;
  const facts = message.facts.map(
    ({ label, value, note }) => `${label.padEnd(wide)}${value}${note === undefined ? '' : ` (${note})`}`,
  );
  const action = message.action
    ? [...linksOf(message.action).map(({ label, url }) => `${label}:\n${url}`), message.action.note]
    : [];
  const parts = [
    message.heading,
    ...message.paragraphs,
    ...(message.code === undefined ? [] : [`    ${message.code}`]),
    ...(facts.length > 0 ? [facts.join('\n')] : []),
    ...action,
    ...message.undo,
    `--\n${byHand(message, context)}`,
    footer(context, envelope),
  ];
  return withoutDirectionSigns(parts.join('\n\n'));
}

const linksOf = (action: NonNullable<Message['action']>) => [action, ...(action.others ?? [])];

const byHand = (message: Message, { consoleUrl }: MessageContext): string =>
  `Don't trust links in e-mails? Type ${hostOf(consoleUrl)} yourself and open "${message.page}". We never ask for your password or a code by e-mail.`;

const footer = ({ organisation }: MessageContext, { recipient, number }: Envelope): string =>
  `Sent to ${recipient} because security messages can't be switched off. Message ${number}${organisation === '' ? '' : `, Gatehouse of ${organisation}`}.`;

/** One column, no pictures, nothing loaded from anywhere; colours of its own for dark screens. */
export function renderHtml({ message, context, envelope }: Page): string {
  const body = [
    `<h1>${html(message.heading)}</h1>`,
    ...message.paragraphs.map(paragraph),
    ...(message.code === undefined ? [] : [`<p class="code">${html(message.code)}</p>`]),
    message.facts.length > 0 ? `<table role="presentation">${message.facts.map(row).join('')}</table>` : '',
    ...(message.action
      ? [
          ...linksOf(message.action).map(
            ({ label, url }) => `<p><a class="button" href="${html(url)}">${html(label)}</a></p>`,
          ),
          `<p class="muted">${html(message.action.note)}</p>`,
        ]
      : []),
    ...message.undo.map(paragraph),
    `<hr><p class="muted">${html(byHand(message, context))}</p><p class="muted">${html(footer(context, envelope))}</p>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${html(message.subject)}</title><style>${style}</style></head>
<body><div class="page"><p class="brand"><b>Gatehouse</b> <span class="muted">${html(context.organisation)}</span></p><hr>${body.join('\n')}</div></body></html>`;
}

const paragraph = (text: string): string => `<p>${html(text)}</p>`;

const row = ({ label, value, note }: Fact): string =>
  `<tr><td class="label">${html(label)}</td><td><b>${html(value)}</b>${note === undefined ? '' : ` <span class="muted">${html(note)}</span>`}</td></tr>`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const html = (text: string): string =>
  withoutDirectionSigns(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);

const style = `
:root{color-scheme:light dark}
body{margin:0;background:#f9fafc;color:#1a2029;font:16px/1.5 -apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
.page{max-width:520px;margin:0 auto;padding:24px}
h1{font-size:26px;line-height:1.2;margin:24px 0 12px}
hr{border:0;border-top:1px solid #dbdee3;margin:20px 0}
table{width:100%;border-collapse:collapse;margin:16px 0}
td{padding:10px 0;border-top:1px solid #dbdee3;vertical-align:top}
.label{width:96px;color:#545b66}
.muted{color:#545b66;font-size:14px}
.code{font:600 30px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.12em}
.button{display:inline-block;padding:13px 20px;border:1px solid #81868f;border-radius:6px;color:#1a2029;font-weight:600;text-decoration:none}
@media (prefers-color-scheme:dark){
body{background:#0c1015;color:#e9ebef}
hr,td{border-color:#2c3138}
.label,.muted{color:#9fa5ae}
.button{color:#e9ebef;border-color:#646972}
}`.replaceAll('\n', '');
