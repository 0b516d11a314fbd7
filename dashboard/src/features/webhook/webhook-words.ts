import type { WebhookDelivery, WebhookEvent, WebhookView } from '../../api/types.js';
import { dayAndTime } from '../../ui/time.svelte.js';

export const eventWords: Record<WebhookEvent, string> = {
  'alert.raised': 'An alert is raised',
  'alert.escalated': 'An alert that was told becomes worse',
  'alert.resolved': 'An alert is resolved',
  'incident.opened': 'An incident is opened',
  'incident.resolved': 'An incident is resolved',
  'session.revoked': 'Sessions are ended, by their owner, by staff or by a rule',
};

export const stateWords: Record<WebhookDelivery['state'], string> = {
  waiting: 'Waiting',
  retrying: 'Retrying',
  held: 'Held back',
  digested: 'In a digest',
  delivered: 'Delivered',
  failed: 'Failed',
};

/** The page's sentence: who is told, and whether it arrives. */
export function webhookSentence({ target }: WebhookView): string {
  if (!target) return 'No system is told of alerts: there is no webhook.';
  const { host } = new URL(target.url);
  if (target.disabled) return `The webhook to ${host} is off.`;
  if (target.failingSince)
    return `${host} takes no messages since ${dayAndTime(target.failingSince)}; they are tried again.`;
  return `${host} is told what happens.`;
}
