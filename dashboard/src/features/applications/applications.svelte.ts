import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import { Resource } from '../../api/resource.svelte.js';
import type { ApplicationView, KeyView, Scope } from '../../api/types.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { span } from '../../ui/wording.js';

/** A secret on screen for the only time. */
export type ShownKey = { applicationName: string; key: string; note: string };

/** All applications with their keys, and what can be done to them. */
export class Applications {
  list = new Resource(async () => (await api.applications()).items);
  shown = $state.raw<ShownKey | null>(null);
  refusal = $state.raw<ApiError | null>(null);
  busy = $state(false);

  create = (name: string): Promise<boolean> =>
    this.#do(async () => {
      const { application, key } = await api.addApplication(name);
      this.shown = { applicationName: application.name, key: key.key, note: 'It can only record attempts.' };
    });

  addKey = (application: ApplicationView, scopes: Scope[]): Promise<boolean> =>
    this.#do(async () => {
      const { key } = await api.addKey(application.id, scopes);
      this.shown = { applicationName: application.name, key, note: 'The other keys keep working.' };
    });

  rotate = (application: ApplicationView, old: KeyView, overlapMinutes: number): Promise<boolean> =>
    this.#do(async () => {
      const { key } = await api.rotateKey(application.id, old.id, overlapMinutes);
      const note =
        overlapMinutes === 0
          ? 'The old key has stopped working.'
          : `The old key keeps working for ${span(overlapMinutes)}.`;
      this.shown = { applicationName: application.name, key, note };
    });

  revoke = (application: ApplicationView, key: KeyView): Promise<boolean> =>
    this.#do(async () => {
      await api.revokeKey(application.id, key.id);
      toasts.show({ text: `Revoked ${key.prefix}….`, detail: `${application.name} needs another key now.` });
    });

  remove = (application: ApplicationView): Promise<boolean> =>
    this.#do(async () => {
      await api.deleteApplication(application.id);
      toasts.show({ text: `Deleted ${application.name} with its attempts.` });
    });

  async #do(action: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refusal = null;
    try {
      await action();
      await this.list.load();
      return true;
    } catch (thrown) {
      this.refusal = toApiError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** Whether a key works now. */
export function isLive(key: KeyView, now: number): boolean {
  return key.revokedAt === null && (key.expiresAt === null || Date.parse(key.expiresAt) > now);
}
