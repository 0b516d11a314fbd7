/** A still picture of a kind that browsers draw and never run, with nothing in it but what draws it. */
export type Picture = {
  type: 'image/png' | 'image/jpeg' | 'image/webp';
  width: number;
  height: number;
  bytes: Uint8Array;
};

/** Why bytes are no such picture. */
export type PictureFault = 'unknown' | 'broken' | 'moves';

/** Thrown inside the readers only; `readPicture` makes an answer of it. */
export class NotAPicture extends Error {
  override readonly name = 'NotAPicture';

  constructor(readonly fault: PictureFault) {
    super(fault);
  }
}

/** Bytes that are read from their start; reading beyond their end is a broken picture. */
export class Bytes {
  private readonly view: DataView;

  constructor(readonly all: Uint8Array) {
    this.view = new DataView(all.buffer, all.byteOffset, all.byteLength);
  }

  get length(): number {
    return this.all.length;
  }

  slice(from: number, to: number): Uint8Array {
    if (from < 0 || to < from || to > this.all.length) throw new NotAPicture('broken');
    return this.all.subarray(from, to);
  }

  byte(at: number): number {
    const byte = this.all[at];
    if (byte === undefined) throw new NotAPicture('broken');
    return byte;
  }

  /** Big-endian, as PNG and JPEG have it. */
  big16(at: number): number {
    this.slice(at, at + 2);
    return this.view.getUint16(at);
  }

  big32(at: number): number {
    this.slice(at, at + 4);
    return this.view.getUint32(at);
  }

  /** Little-endian, as WebP has it. */
  little16(at: number): number {
    this.slice(at, at + 2);
    return this.view.getUint16(at, true);
  }

  little24(at: number): number {
    return this.little16(at) + this.byte(at + 2) * 0x10000;
  }

  little32(at: number): number {
    this.slice(at, at + 4);
    return this.view.getUint32(at, true);
  }

  /** Four letters that name a chunk. */
  name(at: number): string {
    return String.fromCharCode(...this.slice(at, at + 4));
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
