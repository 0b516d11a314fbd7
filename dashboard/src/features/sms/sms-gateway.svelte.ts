import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { SmsGateway, SmsGatewayView, SmsTemplate, SmsTestResult } from '../../api/types.js';
import { count } from '../../ui/wording.js';

type Draft = {
  form: SmsGateway['form'];
  twilio: { url: string; accountSid: string; from: string };
  template: Omit<SmsTemplate, 'form' | 'headers'>;
  /** One header a line, as `Name: value`. */
  headers: string;
  secret: string;
  /** Beginnings of numbers, with commas between them. */
  prefixes: string;
  perDay: string;
};

const emptyTemplate: Draft['template'] = {
  url: '',
  method: 'POST',
  bodyType: 'json',
  body: '{"to": "{to}", "text": "{text}"}',
  success: '2xx',
};

/** How codes by SMS leave, as it stands and as it is being changed. */
export class SmsSettings {
  readonly stored = new Resource(api.smsGateway);
  readonly saving = new Submission();
  readonly testing = new Submission();
  draft = $state<Draft | null>(null);
  /** What the gateway made of the last test message. */
  result = $state.raw<SmsTestResult | null>(null);

  load = async (): Promise<void> => {
    await this.stored.load();
    if (this.stored.value) this.draft = draftOf(this.stored.value);
  };

  save(): Promise<boolean> {
    return this.saving.run(async () => {
      if (this.draft) this.#take(await api.setSmsGateway(changeOf(this.draft)));
    });
  }

  remove = (): Promise<boolean> => this.saving.run(async () => this.#take(await api.removeSmsGateway()));

  test(to: string): Promise<boolean> {
    this.result = null;
    return this.testing.run(async () => {
      this.result = await api.sendTestSms(to);
    });
  }

  #take(view: SmsGatewayView): void {
    this.stored.value = view;
    this.draft = draftOf(view);
    this.result = null;
  }
}

/** The page's sentence: whether codes leave, and through whom. */
export function smsSentence({ gateway, sentToday, perDay }: SmsGatewayView): string {
  if (!gateway) return 'Codes by SMS are off: no gateway is connected.';
  return `Codes by SMS leave through ${new URL(gateway.url).host}; ${sentToday} of ${count(perDay, 'message')} in the last 24 hours.`;
}

function draftOf({ gateway, prefixes, perDay }: SmsGatewayView): Draft {
  const { form, headers, ...template } =
    gateway?.form === 'template' ? gateway : { form: gateway?.form ?? 'twilio', headers: [], ...emptyTemplate };
  const twilio = gateway?.form === 'twilio' ? gateway : { url: 'https://api.twilio.com', accountSid: '', from: '' };
  return {
    form,
    twilio: { url: twilio.url, accountSid: twilio.accountSid, from: twilio.from },
    template,
    headers: headers.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    secret: '',
    prefixes: prefixes.join(', '),
    perDay: String(perDay),
  };
}

function changeOf({ form, twilio, template, headers, secret, prefixes, perDay }: Draft) {
  const gateway: SmsGateway =
    form === 'twilio' ? { form, ...twilio } : { form, ...template, headers: headersOf(headers) };
  return {
    gateway,
    ...(secret === '' ? {} : { secret }),
    prefixes: prefixes.split(/[\s,]+/).filter(Boolean),
    perDay: Number(perDay),
  };
}

const headersOf = (text: string): SmsTemplate['headers'] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...value] = line.split(':');
      return { name: name.trim(), value: value.join(':').trim() };
    });
