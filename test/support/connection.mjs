import { connect } from 'node:net';

/**
 * One kept-alive HTTP/1.1 connection that sends one request after the other. A load generator on the same two cores as what it
 * measures has to be cheap: requests are written as they were prepared, and of the answer only the status, `retry-after` and the
 * body are read.
 */
export class Connection {
  /** @type {import('node:net').Socket | undefined} */ #socket;
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | undefined} */ #waiting;
  #received = Buffer.alloc(0);

  /** @typedef {{ status: number, retryAfterMs: number, body: string }} Answer */

  /** @param {string} url address of the server */
  constructor(url) {
    const { hostname, port } = new URL(url);
    this.host = hostname;
    this.port = Number(port);
  }

  /**
   * The part of a request before its body.
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string | number>} headers
   */
  head(method, path, headers = {}) {
    const lines = Object.entries({ host: `${this.host}:${this.port}`, ...headers }).map(([k, v]) => `${k}: ${v}\r\n`);
    return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  }

  /**
   * Sends a request and waits for its answer.
   * @param {string} head
   * @param {Buffer | string} [body]
   * @returns {Promise<Answer>}
   */
  async send(head, body = '') {
    this.#socket ??= await this.#open();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.cork();
      this.#socket.write(head);
      if (body.length > 0) this.#socket.write(body);
      this.#socket.uncork();
    });
  }

  /** Sends a value as JSON. @returns {Promise<Answer>} */
  sendJson(method, path, value, headers = {}) {
    const body = Buffer.from(JSON.stringify(value));
    const all = { ...headers, 'content-type': 'application/json', 'content-length': body.length };
    return this.send(this.head(method, path, all), body);
  }

  close() {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open() {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.host, port: this.port, noDelay: true });
      socket.once('connect', () => resolve(socket));
      socket.on('data', (chunk) => this.#take(chunk));
      socket.on('error', reject);
      socket.on('close', () => this.#lost());
      socket.on('error', () => this.#lost());
    });
  }

  #lost() {
    this.#socket = undefined;
    this.#received = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(new Error('The connection was lost before the answer.'));
  }

  #take(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = this.#received.latin1Slice(0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#socket?.destroy(new Error(`An answer without content-length: ${head}`));
      return;
    }
    const whole = end + 4 + Number(length);
    if (this.#received.length < whole) return;
    const body = this.#received.toString('utf8', end + 4, whole);
    this.#received = this.#received.subarray(whole);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const retryAfterMs = 1_000 * Number(/\r\nretry-after: (\d+)/i.exec(head)?.[1] ?? 0);
    waiting?.resolve({ status: Number(head.slice(9, 12)), retryAfterMs, body });
  }
}
