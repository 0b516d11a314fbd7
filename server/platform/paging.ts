import { createHmac } from 'node:crypto';
import type { Page } from '../contracts/paging.js';
import { equalInConstantTime } from './crypto.js';
import { Refusal } from './errors.js';
import type { KeyRing } from './key-ring.js';

/** A place in a sorted list: the sort values of the last row given. */
export type Position = readonly (string | number)[];

/** Bytes of the signature kept: 96 bits, beyond guessing for a value that only moves within what one may read anyway. */
const SIGNATURE_BYTES = 12;

/**
 * Keyset cursors. Signed, so that a client can't turn one into a filter of its own, and bound to the list they came from.
 */
export class Cursors {
  constructor(private readonly ring: KeyRing) {}

  /** Turns `limit + 1` rows into a page: the extra row only tells that there is more. */
  page<T>(list: string, rows: T[], limit: number, positionOf: (row: T) => Position): Page<T> {
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      nextCursor: rows.length > limit && last !== undefined ? this.encode(list, positionOf(last)) : null,
    };
  }

  encode(list: string, position: Position): string {
    const body = Buffer.from(JSON.stringify(position)).toString('base64url');
    return `${body}.${sign(this.ring[0], list, body)}`;
  }

  /** @throws Refusal `invalid_cursor` when it was changed or belongs to another list */
  decode(list: string, cursor: string | undefined): Position | undefined {
    if (cursor === undefined) return undefined;
    const [body = '', signature = ''] = cursor.split('.');
    const isOurs = this.ring.some((key) => equalInConstantTime(signature, sign(key, list, body)));
    if (!isOurs) throw new Refusal('invalid_cursor');
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Position;
  }
}

function sign(key: Buffer, list: string, body: string): string {
  const signature = createHmac('sha256', key).update(`${list}\n${body}`).digest();
  return signature.subarray(0, SIGNATURE_BYTES).toString('base64url');
}
