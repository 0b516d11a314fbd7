import { type EmbeddedPostgres, startEmbeddedPostgres } from '../platform/embedded/embedded-postgres.js';
import { sentenceFor } from './complaint.js';

const RETRY_MS = 1_000;

/** Keeps the embedded PostgreSQL running while Gatehouse does. */
export class DatabaseKeeper {
  private postgres: EmbeddedPostgres | undefined;
  private stopping = false;
  /** The restart that is under way; stopping waits for it, or it would leave a PostgreSQL behind. */
  private recovery: Promise<void> | undefined;

  constructor(
    private readonly dataDir: string,
    private readonly say: (line: string) => void,
    /** Called with the new address when a restarted PostgreSQL could not keep the old one. */
    private readonly moved: (url: string) => void,
  ) {}

  async start(): Promise<string> {
    const postgres = await startEmbeddedPostgres({ dataDir: this.dataDir, say: this.say });
    this.postgres = postgres;
    void postgres.exited.then(() => {
      this.recovery = this.recover(postgres);
    });
    return postgres.url;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.recovery;
    await this.postgres?.stop();
  }

  /** PostgreSQL went away by itself (killed, out of memory, disk full): bring it back, however long it takes. */
  private async recover(old: EmbeddedPostgres): Promise<void> {
    if (this.stopping) return;
    this.say('PostgreSQL ended unexpectedly; starting it again …');
    let complaint = '';
    for (;;) {
      try {
        const url = await this.start();
        if (url !== old.url) this.moved(url);
        return;
      } catch (error) {
        const sentence = sentenceFor(error);
        if (sentence !== complaint) this.say(sentence);
        complaint = sentence;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        // Asked again, as stop() may have been called during the wait.
        if (this.isStopping()) return;
      }
    }
  }

  private isStopping(): boolean {
    return this.stopping;
  }
}
