import { Bytes, joined, NotAPicture, type Picture } from './picture.js';

const [START, END, SCAN, COMMENT] = [0xd8, 0xd9, 0xda, 0xfe];
/** Segments of applications hold what a camera noted, places among it. JFIF and Adobe's say how colours are meant. */
const isDropped = (marker: number): boolean =>
  marker === COMMENT || (marker >= 0xe1 && marker <= 0xef && marker !== 0xee);
/** A frame begins, with the size of the picture; three markers between those mean something else. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Inside of a scan: a byte 0xff that is data, or a restart. */
const isOfScan = (marker: number): boolean => marker === 0 || (marker >= 0xd0 && marker <= 0xd7);

/** Reads a JPEG (ITU-T T.81, annex B) up to its end marker. */
export function readJpeg(bytes: Bytes): Picture {
  const parts: Uint8Array[] = [new Uint8Array([0xff, START])];
  let size: { width: number; height: number } | undefined;
  let scanned = false;
  let at = 2;
  for (;;) {
    if (bytes.byte(at) !== 0xff) throw new NotAPicture('broken');
    const marker = bytes.byte(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === END) break;
    const end = at + 2 + bytes.big16(at + 2);
    if (end < at + 4) throw new NotAPicture('broken');
    if (isFrame(marker)) size ??= { height: bytes.big16(at + 5), width: bytes.big16(at + 7) };
    const next = marker === SCAN ? endOfScan(bytes, end) : end;
    scanned ||= marker === SCAN;
    if (!isDropped(marker)) parts.push(bytes.slice(at, next));
    at = next;
  }
  if (!size || !scanned) throw new NotAPicture('broken');
  parts.push(new Uint8Array([0xff, END]));
  return { type: 'image/jpeg', ...size, bytes: joined(parts) };
}

function endOfScan(bytes: Bytes, from: number): number {
  let at = from;
  while (bytes.byte(at) !== 0xff || isOfScan(bytes.byte(at + 1))) at += 1;
  return at;
}
