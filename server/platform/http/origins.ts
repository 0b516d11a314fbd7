/** The addresses under which the console may be open in a browser: PUBLIC_URL, and the loopback names where that is one. */
export class PublicOrigins {
  private readonly allowed: ReadonlySet<string>;

  constructor(publicUrl: string) {
    const url = new URL(publicUrl);
    const loopback = ['127.0.0.1', 'localhost', '[::1]'];
    const hosts = loopback.includes(url.hostname) || url.hostname === '0.0.0.0' ? loopback : [url.hostname];
    this.allowed = new Set(hosts.map((host) => `${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`));
  }

  allows(origin: string): boolean {
    return this.allowed.has(origin);
  }
}
