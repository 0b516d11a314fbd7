/** FNV-1a offset basis and prime (32 bit). */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * 32-bit hash of a text, for telling values apart within one small window. At 256 events the chance that two values
 * fall together is below 1 in 100,000.
 */
export function hashText(text: string): number {
  let hash = BASIS;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash | 0;
}

/** Names up to this length are kept as they are; a longer one keeps its start and a hash. */
const KEPT_CHARS = 128;

/** A name of bounded length that still tells long names apart: an attacker may send 320 characters a million times. */
export function boundedName(name: string): string {
  if (name.length <= KEPT_CHARS) return name;
  // Half a surrogate pair is no text that a database takes.
  const start = name.slice(0, KEPT_CHARS).replace(/[\ud800-\udbff]$/, '');
  // Copied character by character: a slice would keep the whole original alive.
  return `${Array.from(start).join('')}~${(hashText(name) >>> 0).toString(36)}`;
}

const A = 65;
const LETTERS = 26;

/** A two-letter country code as a small number, and back. */
export function countryNumber(code: string): number {
  return (code.charCodeAt(0) - A) * LETTERS + code.charCodeAt(1) - A;
}

export function countryCode(number: number): string {
  return String.fromCharCode(Math.floor(number / LETTERS) + A, (number % LETTERS) + A);
}
