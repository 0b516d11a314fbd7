/** Characters of keys: base62, so that a double click selects all of it. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_ID_LENGTH = 8;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const pattern = new RegExp(
  `^gh_live_([0-9A-Za-z]{${PUBLIC_ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

/** The beginning by which people tell keys apart; it opens nothing. */
export const prefixOf = (publicId: string): string => `gh_live_${publicId}`;

/** An application key taken apart; `secret` has more than 255 bits of entropy. */
export type ParsedKey = { publicId: string; secret: string };

/**
 * Makes a key `gh_live_<8 public>_<43 secret><6 checksum>`.
 * @param random gives an unbiased whole number in [0, bound)
 */
export function makeKey(random: (bound: number) => number): ParsedKey & { key: string } {
  const draw = (length: number): string => Array.from({ length }, () => ALPHABET[random(ALPHABET.length)]).join('');
  const publicId = draw(PUBLIC_ID_LENGTH);
  const secret = draw(SECRET_LENGTH);
  return { publicId, secret, key: `${prefixOf(publicId)}_${secret}${checksum(publicId + secret)}` };
}

/** Takes a key apart; undefined when it isn't one, which the checksum tells without asking the database. */
export function parseKey(text: string): ParsedKey | undefined {
  const [, publicId, secret, sum] = pattern.exec(text) ?? [];
  if (publicId === undefined || secret === undefined || sum !== checksum(publicId + secret)) return undefined;
  return { publicId, secret };
}

/** CRC-32 (IEEE 802.3, reflected polynomial EDB88320) in base62, the way GitHub's and npm's tokens carry it. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let out = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    out = `${ALPHABET[rest % 62] ?? ''}${out}`;
    rest = Math.floor(rest / 62);
  }
  return out;
}
