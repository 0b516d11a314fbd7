import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import { Resource } from '../../api/resource.svelte.js';
import type { DevicesView, DeviceView } from '../../api/types.js';

/** The devices of the person who is signed in, and what can be done with them. */
export class Devices {
  readonly view = new Resource(api.devices);
  busy = $state(false);
  /** Why the last action was not done. */
  refusal = $state.raw<ApiError | null>(null);

  rename = (one: DeviceView, name: string): Promise<boolean> => this.#keep(() => api.renameDevice(one.id, name));

  trust = (): Promise<boolean> => this.#keep(api.trustThisDevice);

  endTrust = (one: DeviceView): Promise<boolean> => this.#keep(() => api.endTrust(one.id));

  /** Its sessions end with it, also the own one. */
  remove = (one: DeviceView): Promise<boolean> => this.#keep(() => api.removeDevice(one.id));

  async #keep(change: () => Promise<DevicesView>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refusal = null;
    try {
      this.view.value = await change();
      return true;
    } catch (thrown) {
      const error = toApiError(thrown);
      // Gone already, such as by a press whose answer was lost: what is so now is shown.
      if (error.code === 'not_found') {
        await this.view.load();
        return true;
      }
      // Giving up the confirmation is an answer, not an error.
      if (error.code !== 'step_up_required') this.refusal = error;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
