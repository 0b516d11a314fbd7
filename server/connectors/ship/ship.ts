import type { NewAttempt } from '../../contracts/attempts.js';
import { SshdParser, type ParserSnapshot } from '../sshd/parser.js';
import { FileSource } from './file-source.js';
import { LineSplitter, type SplitLine } from './line-splitter.js';
import { planOf, type ShipDeps, type ShipOptions, type ShipPlan, type ShipResult } from './options.js';
import { defaultStatePath, loadPosition, savePosition } from './position.js';
import { BATCH_BYTES, BATCH_LINES, pause, Sender, Stopped } from './sender.js';
import type { Source } from './source.js';
import { StdinSource } from './stdin-source.js';

/** A log quiet for so long sends its hints without waiting for the verdict, in milliseconds of our own time. */
const QUIET_MS = 5_000;
/** The position is saved at least every so many bytes of a log without attempts. */
const SAVE_BYTES = 16 * 1024 * 1024;

export { ShipError, type ShipDeps, type ShipOptions, type ShipResult } from './options.js';

/**
 * Reads an sshd log and records its attempts in Gatehouse. Returns at the end of the log, when following at the signal; throws a
 * ShipError when it can't go on. Killed at any moment, the next run goes on at the saved position; what it sends again has the same ids.
 */
export async function ship(options: ShipOptions, deps: ShipDeps = {}): Promise<ShipResult> {
  const plan = planOf(options);
  const world: World = {
    fetch: deps.fetch ?? fetch,
    now: deps.now ?? Date.now,
    random: deps.random ?? Math.random,
    signal: deps.signal ?? new AbortController().signal,
    onNotice: deps.onNotice ?? (() => undefined),
    onProgress: deps.onProgress ?? (() => undefined),
  };
  const start = await openSource(plan, world, deps.stdin ?? process.stdin);
  const shipment = new Shipment(plan, world, start);
  try {
    await shipment.run();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    await start.source.close();
  }
  return shipment.result;
}

type World = { [Key in Exclude<keyof ShipDeps, 'stdin'>]-?: NonNullable<ShipDeps[Key]> };

interface Start {
  source: Source;
  statePath: string | null;
  offset: number;
  parser: ParserSnapshot | undefined;
}

async function openSource(plan: ShipPlan, world: World, stdin: AsyncIterable<Uint8Array>): Promise<Start> {
  const { file: path, follow } = plan;
  if (path === null) {
    const source = new StdinSource(stdin, plan.pollMs);
    return { source, statePath: null, offset: 0, parser: undefined };
  }
  const { now, onNotice } = world;
  const statePath = plan.state ?? defaultStatePath(path, plan.endpoint);
  const saved = plan.fromStart ? null : await loadPosition(statePath);
  const source = new FileSource({ path, follow, now, onNotice });
  let offset: number;
  if (saved) offset = await source.startAfter(saved.file, saved.offset);
  else offset = await (plan.fromStart ? source.startAtBeginning() : source.startAtEnd());
  return { source, statePath, offset, parser: saved?.parser };
}

class Shipment {
  readonly result: ShipResult = { lines: 0, attempts: 0, recorded: 0, duplicates: 0, rejected: 0 };
  private readonly splitter = new LineSplitter();
  private readonly parser: SshdParser;
  private readonly sender: Sender;
  private rows: string[] = [];
  private rowBytes = 0;
  /** Everything before this byte of the current file is in the parser. */
  private offset: number;
  private savedOffset = -1;

  constructor(
    private readonly plan: ShipPlan,
    private readonly world: World,
    private readonly start: Start,
  ) {
    const { format, zone, year } = plan;
    const snapshot = start.parser;
    this.parser = new SshdParser({ format, zone, year, now: world.now, snapshot });
    this.sender = new Sender(plan, world);
    this.offset = start.offset;
  }

  async run(): Promise<void> {
    const { source } = this.start;
    const { signal, now } = this.world;
    // Before anything is sent: a run that is killed at once must not make the next one start elsewhere.
    await this.save();
    let lastBytesAt = now();
    while (!signal.aborted) {
      const reading = await source.read(this.splitter.held);
      if (reading.kind === 'bytes') {
        lastBytesAt = now();
        await this.feed(reading.bytes);
      } else if (reading.kind === 'left') {
        await this.commit();
      } else if (reading.kind === 'entered') {
        this.enterFile(reading.offset);
      } else if (reading.kind === 'idle') {
        await this.rest(now() - lastBytesAt >= QUIET_MS);
      } else if (this.splitter.held > 0 && now() - lastBytesAt < QUIET_MS && (await source.mayGrow())) {
        await pause(this.plan.pollMs, signal);
      } else {
        return this.finish();
      }
    }
  }

  private async feed(bytes: Uint8Array): Promise<void> {
    for (const line of this.splitter.push(bytes)) {
      this.takeLine(line);
      this.offset += line.bytes;
      if (this.rows.length >= BATCH_LINES || this.rowBytes >= BATCH_BYTES) await this.commit();
    }
    if (this.offset - this.savedOffset >= SAVE_BYTES) await this.commit();
  }

  private takeLine(line: SplitLine): void {
    this.result.lines += 1;
    if (line.text !== null) this.add(this.parser.push(line.text));
  }

  private add(attempts: NewAttempt[]): void {
    for (const attempt of attempts) {
      const row = JSON.stringify(attempt);
      this.rows.push(row);
      this.rowBytes += Buffer.byteLength(row) + 1;
    }
    this.result.attempts += attempts.length;
  }

  /** Nothing to read for the moment: what was read goes out at once, so that an attack is seen while it happens. */
  private async rest(quiet: boolean): Promise<void> {
    if (quiet && this.parser.isWaiting) {
      this.add(this.parser.flush());
      this.savedOffset = -1;
    }
    await this.commit();
    // Standard input has waited already.
    if (this.start.statePath !== null) await pause(this.plan.pollMs, this.world.signal);
  }

  /** A half line at the end of a file that was rotated away stays half: it is not read (see evidence.ts). */
  private enterFile(offset: number): void {
    this.splitter.rest();
    this.offset = offset;
    this.savedOffset = -1;
  }

  private async finish(): Promise<void> {
    if (this.splitter.held === 0) {
      this.add(this.parser.flush());
      this.savedOffset = -1;
      return this.commit();
    }
    // The last line has no end: it is sent, but the saved position stays before it, so that it is read again should it grow.
    await this.commit();
    const line = this.splitter.rest();
    if (line) this.takeLine(line);
    this.add(this.parser.flush());
    await this.sendRows();
  }

  /** Sends what is ready, then saves the position: never the other way round. */
  private async commit(): Promise<void> {
    await this.sendRows();
    if (this.offset !== this.savedOffset) await this.save();
  }

  private async sendRows(): Promise<void> {
    if (this.rows.length === 0) return;
    await this.sender.send(this.rows, (counts) => {
      this.result.recorded += counts.recorded;
      this.result.duplicates += counts.duplicates;
      this.result.rejected += counts.rejected;
      this.world.onProgress({ ...this.result });
    });
    this.rows = [];
    this.rowBytes = 0;
  }

  private async save(): Promise<void> {
    const { statePath, source } = this.start;
    const mark = await source.mark();
    this.savedOffset = this.offset;
    if (statePath === null || mark === null || this.plan.file === null) return;
    await savePosition(statePath, {
      version: 1,
      path: this.plan.file,
      file: mark,
      offset: this.offset,
      parser: this.parser.snapshot(),
    });
  }
}
