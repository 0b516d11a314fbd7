import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const sha256 = (value) => createHash('sha256').update(value).digest();
const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 };

/** A passkey in software: speaks WebAuthn as a browser does with a security key, with or without checking its person. */
export class SoftPasskey {
  /** @param {string} url of the server; passkeys belong to the name `localhost` there */
  constructor(url) {
    this.origin = `http://localhost:${new URL(url).port}`;
    this.id = randomBytes(16);
    this.uses = 0;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.key = privateKey.export({ format: 'jwk' });
  }

  /**
   * Answers registration options.
   * @param {{ challenge: string }} options
   */
  register({ challenge }, verified = true) {
    const publicKey = Buffer.concat([
      // COSE: a map of five entries; key type EC2, algorithm ES256, curve P-256, then x and y.
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
      Buffer.from(this.key.x, 'base64url'),
      Buffer.from([0x22, 0x58, 0x20]),
      Buffer.from(this.key.y, 'base64url'),
    ]);
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, publicKey]);
    const data = Buffer.concat([this.#data(verified, FLAGS.attested), credential]);
    const attestation = Buffer.concat([
      // CBOR: a map of three entries, "fmt": "none", "attStmt": {}, "authData": bytes.
      Buffer.from([0xa3, 0x63]),
      Buffer.from('fmt'),
      Buffer.from([0x64]),
      Buffer.from('none'),
      Buffer.from([0x67]),
      Buffer.from('attStmt'),
      Buffer.from([0xa0, 0x68]),
      Buffer.from('authData'),
      Buffer.from([0x58, data.length]),
      data,
    ]);
    return this.#credential({
      clientDataJSON: this.#client('webauthn.create', challenge).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['usb'],
    });
  }

  /**
   * Answers options to sign in or to confirm.
   * @param {{ challenge: string }} options
   */
  answer({ challenge }, verified = true) {
    this.uses += 1;
    const client = this.#client('webauthn.get', challenge);
    const data = this.#data(verified, 0);
    const key = createPrivateKey({ key: this.key, format: 'jwk' });
    return this.#credential({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', Buffer.concat([data, sha256(client)]), key).toString('base64url'),
    });
  }

  #credential(response) {
    const id = this.id.toString('base64url');
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
  }

  #client(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }

  #data(verified, more) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.uses);
    const flags = FLAGS.present | (verified ? FLAGS.verified : 0) | more;
    return Buffer.concat([sha256('localhost'), Buffer.from([flags]), counter]);
  }
}
