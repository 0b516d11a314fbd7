import ipaddr from 'ipaddr.js';

/**
 * What is known of ranges of addresses: the sorted first address of each, and a value. A range ends where the next one starts.
 * Typed arrays, as millions of ranges as objects would take twenty times the memory.
 */
export type Ranges = { starts: BigUint64Array; values: Uint32Array };

/** Value of a range of which nothing is known. */
const NOTHING = 0xffff_ffff;

/**
 * The number by which an address is looked up: IPv4 as it is, IPv6 by the first 64 bits, which name the network of one site. The two
 * don't meet, as no IPv6 address below 2000:: is given out.
 */
export function rangeKey(ip: string): bigint {
  const bytes = ipaddr.parse(ip).toByteArray();
  return bytes.slice(0, 8).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Collects ranges in ascending order; neighbours of the same value become one. */
export class RangeCollector {
  private readonly starts: bigint[] = [];
  private readonly values: number[] = [];
  private next = 0n;

  /** @param first first and @param last last key; of ranges within one IPv6 network of 64 bits the first counts */
  add(first: bigint, last: bigint, value: number): void {
    if (last < this.next) return;
    if (first > this.next) this.start(this.next, NOTHING);
    this.start(first > this.next ? first : this.next, value);
    this.next = last + 1n;
  }

  ranges(): Ranges {
    this.start(this.next, NOTHING);
    return { starts: BigUint64Array.from(this.starts), values: Uint32Array.from(this.values) };
  }

  private start(at: bigint, value: number): void {
    if (this.values.at(-1) === value) return;
    this.starts.push(at);
    this.values.push(value);
  }
}

/** @returns the value of the range that holds the key */
export function findRange({ starts, values }: Ranges, key: bigint): number | undefined {
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as bigint) <= key) low = middle + 1;
    else high = middle - 1;
  }
  const value = values[high];
  return value === NOTHING ? undefined : value;
}
