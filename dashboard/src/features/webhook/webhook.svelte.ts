import { api } from '../../api/api.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type {
  RiskLevel,
  WebhookDelivery,
  WebhookEvent,
  WebhookSet,
  WebhookTestResult,
  WebhookView,
} from '../../api/types.js';

/** Messages that are listed at once. */
const PAGE = 25;
/** What a new target is told, unless its administrator says otherwise. */
const usual: { events: WebhookEvent[]; severity: RiskLevel; perWindow: string } = {
  events: ['alert.raised', 'alert.escalated', 'alert.resolved', 'incident.opened', 'incident.resolved'],
  severity: 'high',
  perWindow: '20',
};

/** The webhook's target as it stands and as it is being changed, and what it was told. */
export class Webhook {
  readonly stored = new Resource(api.webhook);
  readonly messages = new PagedList<WebhookDelivery>((cursor) => api.webhookMessages({ cursor, limit: PAGE }));
  readonly saving = new Submission();
  readonly testing = new Submission();
  draft = $state<{ url: string; events: WebhookEvent[]; severity: RiskLevel; perWindow: string } | null>(null);
  /** Shown until the page is left or it is put away; it can't be asked for again. */
  secret = $state.raw<string | null>(null);
  /** What the receiver made of the last test message. */
  result = $state.raw<WebhookTestResult | null>(null);

  load = async (): Promise<void> => {
    await Promise.all([this.stored.load(), this.messages.load()]);
    const target = this.stored.value?.target;
    this.draft = target ? draftOf(target) : { url: '', ...structuredClone(usual) };
  };

  /** Only the first page is read again: further down, somebody is reading what must not move. The form is left alone. */
  refresh = async (): Promise<void> => {
    await Promise.all([this.stored.load(), ...(this.messages.items.length <= PAGE ? [this.messages.load()] : [])]);
  };

  save(): Promise<boolean> {
    return this.saving.run(async () => {
      if (!this.draft) return;
      const draft = $state.snapshot(this.draft);
      this.#take(await api.setWebhook({ ...draft, perWindow: Number(draft.perWindow) }));
    });
  }

  renew = (): Promise<boolean> => this.saving.run(async () => this.#take(await api.renewWebhookSecret()));
  enable = (): Promise<boolean> =>
    this.saving.run(async () => {
      this.stored.value = await api.enableWebhook();
    });
  remove = (): Promise<boolean> =>
    this.saving.run(async () => {
      this.stored.value = await api.removeWebhook();
      this.secret = null;
      this.result = null;
      await this.load();
    });

  test = (): Promise<boolean> => {
    this.result = null;
    return this.testing.run(async () => {
      this.result = await api.sendTestEvent();
    });
  };

  #take({ secret, ...view }: WebhookSet): void {
    this.stored.value = view;
    if (view.target) this.draft = draftOf(view.target);
    if (secret !== null) this.secret = secret;
    this.result = null;
  }
}

const draftOf = ({ url, events, severity, perWindow }: NonNullable<WebhookView['target']>) => ({
  url,
  events: [...events],
  severity,
  perWindow: String(perWindow),
});
