/** The addresses under which the console may be open in a browser: PUBLIC_URL, and the loopback names where that is one. */
export class PublicOrigins {
  private readonly allowed: ReadonlySet<string>;
  /**
   * The domain that passkeys are bound to, and the origins that belong to it. WebAuthn knows no IP addresses: on this machine the
   * name is `localhost`.
   */
  readonly relyingParty: { id: string; origins: string[] };

  constructor(publicUrl: string) {
    const url = new URL(publicUrl);
    const loopback = ['127.0.0.1', 'localhost', '[::1]'];
    const hosts = loopback.includes(url.hostname) || url.hostname === '0.0.0.0' ? loopback : [url.hostname];
    const originOf = (host: string): string => `${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`;
    this.allowed = new Set(hosts.map(originOf));
    const name = hosts === loopback ? 'localhost' : url.hostname;
    this.relyingParty = { id: name, origins: [originOf(name)] };
  }

  allows(origin: string): boolean {
    return this.allowed.has(origin);
  }
}
