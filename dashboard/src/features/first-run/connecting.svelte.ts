import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import type { ApplicationView, ConnectState } from '../../api/types.js';

/** How often the server is asked while the page waits, in milliseconds. The socket tells sooner where it stands. */
const ASK_EVERY_MS = 2_000;

/** The last step: one application with its key, and the wait for what it sends. */
export class Connecting {
  name = $state('');
  application = $state.raw<ApplicationView | null>(null);
  /** One that has a key and sent nothing yet: made before this page was loaded again, which took its key away. */
  earlier = $state.raw<ApplicationView | null>(null);
  /** The only place that holds the secret; gone with the page. */
  key = $state('');
  keyAt = $state('');
  /** Since when this page listens, in milliseconds. */
  readonly listeningSince = Date.now();
  refused = $state.raw<ConnectState['refused']>([]);
  firstAt = $state<string | null>(null);
  simulation = $state<'off' | 'starting' | 'failed'>('off');
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** The server does not answer the wait at present. */
  waitError = $state.raw<ApiError | null>(null);

  async createKey(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      const created = await api.addApplication(this.name.trim());
      this.application = created.application;
      this.key = created.key.key;
      this.keyAt = created.key.createdAt;
    } catch (thrown) {
      this.error = toApiError(thrown);
    } finally {
      this.busy = false;
    }
  }

  /** When the key that is waited for was made; empty before there is one. */
  get keyedAt(): string {
    return this.application ? this.keyAt : (this.earlier?.createdAt ?? '');
  }

  /** Asks until the first attempt is there. @returns how to stop. */
  wait(): () => void {
    let stopped = false;
    const again = async (): Promise<void> => {
      if (!document.hidden) await this.ask();
      if (!stopped && this.firstAt === null) timer = setTimeout(() => void again(), ASK_EVERY_MS);
    };
    let timer = setTimeout(() => void again(), 0);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }

  ask = async (): Promise<void> => {
    try {
      const [state, applications] = await Promise.all([api.connectState(), api.applications()]);
      this.waitError = null;
      this.refused = state.refused.filter(({ at }) => Date.parse(at) >= this.listeningSince - 60_000);
      const silent = ({ kind, lastAttemptAt }: ApplicationView): boolean =>
        kind === 'connected' && lastAttemptAt === null;
      if (!this.application) this.earlier ??= applications.items.find(silent) ?? null;
      // A second application is connected when it sends something, not when any other did.
      const mine = applications.items.find(({ id }) => id === (this.application ?? this.earlier)?.id);
      this.firstAt = mine?.lastAttemptAt ?? null;
    } catch (thrown) {
      this.waitError = toApiError(thrown);
    }
  };

  async startSimulation(): Promise<boolean> {
    if (this.simulation === 'starting') return false;
    this.simulation = 'starting';
    this.error = null;
    try {
      await api.startSimulation();
      return true;
    } catch (thrown) {
      this.simulation = 'failed';
      this.error = toApiError(thrown);
      return false;
    }
  }
}
