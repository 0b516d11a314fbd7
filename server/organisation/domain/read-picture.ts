import { Bytes, NotAPicture, type Picture, type PictureFault } from './picture.js';
import { readJpeg } from './read-jpeg.js';
import { readPng } from './read-png.js';
import { readWebp } from './read-webp.js';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

/** What kind of picture bytes are, by what stands in them and not by what they are called, written anew without anything that isn't drawn. */
export function readPicture(given: Uint8Array): Picture | PictureFault {
  const begins = (signature: readonly number[]): boolean => signature.every((byte, index) => given[index] === byte);
  const bytes = new Bytes(given);
  try {
    if (begins(PNG)) return readPng(bytes);
    if (begins(JPEG)) return readJpeg(bytes);
    if (given.length >= 12 && bytes.name(0) === 'RIFF' && bytes.name(8) === 'WEBP') return readWebp(bytes);
    return 'unknown';
  } catch (error) {
    if (error instanceof NotAPicture) return error.fault;
    throw error;
  }
}
