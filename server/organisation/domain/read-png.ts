import { Bytes, joined, NotAPicture, type Picture } from './picture.js';

/** Chunks that draw the picture. Texts, times, profiles and whatever else stands in a file stay out. */
const kept = new Set(['IHDR', 'PLTE', 'tRNS', 'sRGB', 'gAMA', 'cHRM', 'IDAT', 'IEND']);
const SIGNATURE_LENGTH = 8;
/** Length, name and checksum around the data of a chunk. */
const FRAME = 12;

/** Reads a PNG (W3C PNG, third edition, §5) up to its end chunk; what follows that is not part of it. */
export function readPng(bytes: Bytes): Picture {
  const parts = [bytes.slice(0, SIGNATURE_LENGTH)];
  const seen = new Set<string>();
  let at = SIGNATURE_LENGTH;
  while (!seen.has('IEND')) {
    const end = at + FRAME + bytes.big32(at);
    const name = bytes.name(at + 4);
    if (name === 'acTL' || name === 'fcTL' || name === 'fdAT') throw new NotAPicture('moves');
    if (seen.size === 0 && (name !== 'IHDR' || end - at !== FRAME + 13)) throw new NotAPicture('broken');
    if (kept.has(name)) parts.push(bytes.slice(at, end));
    seen.add(name);
    at = end;
  }
  if (!seen.has('IDAT')) throw new NotAPicture('broken');
  const data = SIGNATURE_LENGTH + 8;
  return { type: 'image/png', width: bytes.big32(data), height: bytes.big32(data + 4), bytes: joined(parts) };
}
