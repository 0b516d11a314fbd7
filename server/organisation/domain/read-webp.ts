import { Bytes, joined, NotAPicture, type Picture } from './picture.js';

const HEADER = 12;
/** In the flags of an extended file: whether transparency comes as a chunk of its own. The other flags stand for what is left out. */
const ALPHA = 0x10;

type Size = { width: number; height: number };

/** Reads a WebP (RFC 9649): the one picture in it, and nothing of profiles, cameras or further frames. */
export function readWebp(bytes: Bytes): Picture {
  const parts: Uint8Array[] = [];
  let canvas: Size | undefined;
  let picture: Size | undefined;
  const length = Math.min(bytes.length, 8 + bytes.little32(4));
  let at = HEADER;
  while (at + 8 <= length && !picture) {
    const name = bytes.name(at);
    const end = at + 8 + bytes.little32(at + 4);
    if (end > length) throw new NotAPicture('broken');
    // Chunks have an even length; the byte that fills one up may be missing at the end of a file.
    const chunk = even(bytes.slice(at, end));
    // Read within the chunk alone: one that says less than it must is broken.
    const inside = new Bytes(chunk.subarray(8));
    if (name === 'ANIM' || name === 'ANMF') throw new NotAPicture('moves');
    if (name === 'VP8X') {
      canvas = { width: 1 + inside.little24(4), height: 1 + inside.little24(7) };
      parts.push(withFlags(chunk, inside.byte(0)));
    }
    if (name === 'ALPH') parts.push(chunk);
    if (name === 'VP8 ' || name === 'VP8L') {
      picture = name === 'VP8L' ? sizeOfLossless(inside) : sizeOfLossy(inside);
      parts.push(chunk);
    }
    at = end + ((end - at) % 2);
  }
  if (!picture) throw new NotAPicture('broken');
  if (canvas && (canvas.width !== picture.width || canvas.height !== picture.height)) throw new NotAPicture('broken');
  return { type: 'image/webp', ...picture, bytes: joined([head(parts), ...parts]) };
}

function sizeOfLossless(bytes: Bytes): Size {
  if (bytes.byte(0) !== 0x2f) throw new NotAPicture('broken');
  const bits = bytes.little32(1);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

function sizeOfLossy(bytes: Bytes): Size {
  if (bytes.byte(3) !== 0x9d || bytes.byte(4) !== 0x01 || bytes.byte(5) !== 0x2a) throw new NotAPicture('broken');
  return { width: bytes.little16(6) & 0x3fff, height: bytes.little16(8) & 0x3fff };
}

function even(chunk: Uint8Array): Uint8Array {
  return chunk.length % 2 === 0 ? chunk : joined([chunk, new Uint8Array(1)]);
}

function withFlags(chunk: Uint8Array, flags: number): Uint8Array {
  const changed = chunk.slice();
  changed[8] = flags & ALPHA;
  return changed;
}

function head(parts: readonly Uint8Array[]): Uint8Array {
  const made = new TextEncoder().encode('RIFF    WEBP');
  const length = 4 + parts.reduce((sum, part) => sum + part.length, 0);
  new DataView(made.buffer).setUint32(4, length, true);
  return made;
}
