import { type ChildProcess, spawn } from 'node:child_process';
import type { DatabaseMessage } from '../platform/database/address.js';
import { type ChildMessage, childMessage } from '../platform/parent.js';

/** After a crash: half a second, doubling, at most half a minute; a minute of peace starts over. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const PEACE_MS = 60_000;

/** How Node runs our processes. Under load batches of attempts outlive the usual young generation of 16 MB and were copied time and again. */
const NODE_ARGUMENTS = ['--enable-source-maps', '--max-semi-space-size=32'];

/** Time a process has for its orderly end. */
const STOP_LIMIT_MS = 5_000;

export type ProcessOptions = {
  /** Name for messages: "server", "worker". */
  name: string;
  /** Compiled entry file. */
  entry: string;
  env: NodeJS.ProcessEnv;
  /** Sent to the process once it is known; until then it loads its code. */
  database: Promise<DatabaseMessage>;
  say: (line: string) => void;
  onMessage?: (message: ChildMessage) => void;
};

/** How a process ended, and the sentence for people that it left. */
type End = { reason: string; sentence: string | undefined };

/** A child process that is started again when it crashes, until it is stopped. */
export class SupervisedProcess {
  private child: ChildProcess | undefined;
  private delayMs = FIRST_DELAY_MS;
  private startedAt = 0;
  private retry: NodeJS.Timeout | undefined;
  private stopping = false;
  private settled = false;

  constructor(private readonly options: ProcessOptions) {}

  /**
   * Starts it.
   * @returns rejects-by-value: a sentence, when it ends before `settle()` was called
   */
  start(): Promise<string> {
    return new Promise((resolve) => {
      this.spawn((end) => {
        if (this.settled) this.scheduleRestart(end);
        else resolve(end.sentence ?? `The ${this.options.name} could not start: ${end.reason}.`);
      });
    });
  }

  /** From now on an end is a crash, and is answered by a new start. */
  settle(): void {
    this.settled = true;
  }

  /** Ends it in good order, or after a while by force. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.retry);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      child.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  /** Ends it at once. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  private spawn(ended: (end: End) => void): void {
    this.startedAt = Date.now();
    const child = spawn(process.execPath, [...NODE_ARGUMENTS, this.options.entry], {
      env: this.options.env,
      // Ctrl-C reaches a whole process group: in one of their own, the children end when we tell them, in order.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    let sentence: string | undefined;
    child.on('message', (received) => {
      const message = childMessage.parse(received);
      if (message.type === 'failed') ({ sentence } = message);
      this.options.onMessage?.(message);
    });
    // A process that has ended can't be told; its exit is answered below.
    void this.options.database.then((message) => child.send(message, () => undefined));
    const once = (reason: string): void => {
      if (this.child !== child || this.stopping) return;
      this.child = undefined;
      ended({ reason, sentence });
    };
    child.once('error', (error) => once(error.message));
    child.once('exit', (code, signal) =>
      once(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
    );
  }

  private scheduleRestart({ reason, sentence }: End): void {
    if (Date.now() - this.startedAt > PEACE_MS) this.delayMs = FIRST_DELAY_MS;
    if (sentence !== undefined) this.options.say(sentence);
    this.options.say(`The ${this.options.name} stopped (${reason}); starting it again in ${this.delayMs / 1000} s.`);
    this.retry = setTimeout(() => this.spawn((next) => this.scheduleRestart(next)), this.delayMs);
    this.delayMs = Math.min(this.delayMs * 2, LONGEST_DELAY_MS);
  }
}
