import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { addressOf } from './address.js';

/** The longest that a request may take in all, in milliseconds, and the most of its answer that is read, in bytes. */
const TIMEOUT_MS = 15_000;
const ANSWER_MAX = 4_096;

export type OutgoingRequest = {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
};
export type OutgoingAnswer = { status: number; text: string };
/** Where a request may go (`privateAllowed`: also to this machine and private networks, and there without TLS), and how long it may take. */
export type Reach = { privateAllowed: boolean; timeoutMs?: number; resolve?: Resolve };
/** Finds the addresses of a name; the system's own way where none is given. */
type Resolve = (
  host: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** A request that is not sent, because of where it would go. */
export class OutgoingRefused extends Error {
  override readonly name = 'OutgoingRefused';
}

/**
 * Sends a request to an address that an administrator typed, and so must not be a way into our own network: by HTTPS, to public
 * addresses only, without following redirects, with a limit to its time and its answer.
 * @throws OutgoingRefused for where it would go; Error when nobody answered
 */
export async function sendOutside(
  outgoing: OutgoingRequest,
  { privateAllowed, timeoutMs = TIMEOUT_MS, resolve: find = lookup }: Reach,
): Promise<OutgoingAnswer> {
  const url = new URL(outgoing.url);
  if (url.protocol !== 'https:' && !privateAllowed) throw new OutgoingRefused('Only https:// addresses are used.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!privateAllowed && isIP(host) !== 0) refuseInside(host, host);
  const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: outgoing.method,
      headers: outgoing.headers,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(privateAllowed ? {} : { lookup: lookupOutside(find) }),
    });
    request.on('error', reject);
    request.on('response', (response) => void readStart(response).then(resolve, reject));
    request.end(outgoing.body);
  });
}

/** Looks at the very addresses that are connected to: a name can't be harmless when it is checked and another when it is used. */
const lookupOutside =
  (find: Resolve): LookupFunction =>
  (host, options, done) => {
    find(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      try {
        for (const { address } of found) refuseInside(address, host);
      } catch (refused) {
        return done(refused as OutgoingRefused, []);
      }
      const [first] = found;
      return options.all || !first ? done(null, found) : done(null, first.address, first.family);
    });
  };

function refuseInside(address: string, host: string): void {
  if (addressOf(address).special !== null) throw new OutgoingRefused(`${host} is in a private network.`);
}

async function readStart(response: IncomingMessage): Promise<OutgoingAnswer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size >= ANSWER_MAX) break;
  }
  response.destroy();
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).subarray(0, ANSWER_MAX).toString('utf8') };
}
