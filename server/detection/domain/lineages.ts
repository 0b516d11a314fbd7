import { hashText } from './text.js';

/** A version inside a user agent; digits that are part of a name, as in `X11` or `x64`, are none. */
const VERSION = /(?<![\dA-Za-z._])\d+(?:[._]\d+)*/g;
/** Of each version two numbers are kept, in one; what is beyond is a build that says little. */
const MINORS = 100_000;
/** User agents with more versions than this are compared by the first of them. */
const VERSIONS = 8;
/** Devices that are told apart for one person. */
const MOST = 8;

/** A user agent without its versions, as a hash, and its versions in their order. */
interface Build {
  form: number;
  versions: number[];
}

function buildOf(userAgent: string): Build {
  const versions: number[] = [];
  const form = userAgent.replace(VERSION, (text) => {
    if (versions.length < VERSIONS) versions.push(versionOf(text));
    return '#';
  });
  return { form: hashText(form), versions };
}

function versionOf(text: string): number {
  const [major, minor] = text.split(/[._]/, 2);
  const bounded = (part: string | undefined): number => Math.min(MINORS - 1, Number(part ?? 0));
  return bounded(major) * MINORS + bounded(minor);
}

/**
 * The devices of a person as far as user agents tell them apart: a program is updated and never goes back, so what has an older
 * version, or another form, than all that the person used is another device, however usual its kind. Flat, as it is stored:
 * form, number of versions, versions.
 */
export class Lineages {
  constructor(private cells: number[] = []) {}

  get isEmpty(): boolean {
    return this.cells.length === 0;
  }

  /** Whether a device of the person can have become this one by updates. */
  continuedBy(userAgent: string): boolean {
    return this.find(buildOf(userAgent)) >= 0;
  }

  add(userAgent: string): void {
    const build = buildOf(userAgent);
    const { form, versions } = build;
    const start = this.find(build);
    // The newest stands last; the one that was updated longest ago is forgotten first.
    if (start >= 0) this.cells.splice(start, 2 + versions.length);
    else if (this.starts().length >= MOST) this.cells.splice(0, 2 + this.cell(1));
    this.cells = [...this.cells, form, versions.length, ...versions];
  }

  encode(): number[] {
    return [...this.cells];
  }

  /** Where the newest begins that is not newer in any part, or -1. */
  private find({ form, versions }: Build): number {
    const isOlder = (start: number): boolean =>
      this.cell(start) === form &&
      this.cell(start + 1) === versions.length &&
      versions.every((version, i) => this.cell(start + 2 + i) <= version);
    return this.starts()
      .filter(isOlder)
      .reduce((best, start) => (best < 0 || this.isNewer(start, best) ? start : best), -1);
  }

  /** Of two that may be continued, the nearer one is the same device. */
  private isNewer(start: number, than: number): boolean {
    const count = this.cell(start + 1);
    for (let i = 2; i < 2 + count; i++) {
      const difference = this.cell(start + i) - this.cell(than + i);
      if (difference !== 0) return difference > 0;
    }
    return true;
  }

  private starts(): number[] {
    const starts: number[] = [];
    for (let i = 0; i < this.cells.length; i += 2 + this.cell(i + 1)) starts.push(i);
    return starts;
  }

  private cell(i: number): number {
    return this.cells[i] as number;
  }
}
