/** The bits of an address as one number with its length; null for what is no address. */
function bitsOf(ip: string): { bits: bigint; length: 32 | 128 } | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(ip)) {
    const bytes = ip.split('.').map(Number);
    if (bytes.some((byte) => byte > 255)) return null;
    return { bits: bytes.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n), length: 32 };
  }
  const halves = ip.split('::');
  if (halves.length > 2 || !/^[0-9a-f:]+$/i.test(ip)) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return { bits: groups.reduce((all, group) => (all << 16n) | BigInt(parseInt(group, 16)), 0n), length: 128 };
}

/** Reads `203.0.113.0/24` or `2001:db8::/32`; null when it is neither. */
export function parseCidr(text: string): { bits: bigint; length: 32 | 128; prefix: number } | null {
  const [ip = '', size = '', ...rest] = text.split('/');
  const base = bitsOf(ip);
  const prefix = Number(size);
  if (!base || rest.length > 0 || !/^\d{1,3}$/.test(size) || prefix > base.length) return null;
  return { ...base, prefix };
}

/** Whether an address lies in a range; false when either can't be read. */
export function inCidr(ip: string, range: string): boolean {
  const wanted = parseCidr(range);
  const given = bitsOf(ip);
  if (!wanted || !given || wanted.length !== given.length) return false;
  const rest = BigInt(wanted.length - wanted.prefix);
  return wanted.bits >> rest === given.bits >> rest;
}
