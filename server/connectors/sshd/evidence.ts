import { isIP, isIPv4 } from 'node:net';

/** Who and where, as far as a line says. An address is an IP or null: names of hosts are no addresses. */
export interface Origin {
  user: string | null;
  ip: string | null;
  port: number | null;
}

/** What one line of sshd or PAM says about a login attempt. */
export type Evidence =
  | { kind: 'opened'; origin: Origin }
  /** sshd's own verdict on one authentication request: always an attempt. */
  | { kind: 'accepted'; method: string; origin: Origin }
  | { kind: 'failed'; method: string; invalid: boolean; origin: Origin }
  /** Said beside a verdict: an attempt only when no verdict follows. */
  | { kind: 'hint'; source: string; reason: string; origin: Origin }
  /** PAM's sum of further failures at the end of a connection. */
  | { kind: 'more'; count: number; origin: Origin }
  /** The connection ended while a user was trying: an attempt only when nothing else told of it. */
  | { kind: 'closed'; source: string; reason: string; origin: Origin }
  /** The connection ended; nobody is named. */
  | { kind: 'ended' };

const NOBODY: Origin = { user: null, ip: null, port: null };

/*
 * User names are chosen by the attacker and may contain spaces and whole pieces of log text. So every pattern takes the address
 * from the side of the name that sshd writes itself, anchored at that end of the line, and the name is what remains between.
 * A line whose end is not exactly what sshd writes says nothing: a torn line must not be read as an earlier ` from `.
 */
const TAIL = / from (\S+) port (\d{1,5}) ssh2$/;
const KEY_TAIL = / from (\S+) port (\d{1,5}) ssh2: [A-Z0-9-]+ \S+$/;
const CERTIFICATE = / from (\S+) port (\d{1,5}) ssh2: [A-Z0-9-]+-CERT /g;
const CERTIFICATE_END = / \(serial \d+\) CA [A-Z0-9-]+ \S+$/;
const VERDICT = /^(Accepted|Failed) (\S+) for( .*)$/s;
const INVALID = /^(?:Invalid|Illegal) user (.*) from (\S+)(?: port (\d{1,5}))?$/s;
const CLOSED =
  /^(Connection closed|Connection reset|Disconnected|Disconnecting) (?:by |from )?(authenticating|invalid) user (.*) (\S+) port (\d{1,5})(: Too many authentication failures)?$/s;
const MAXIMUM = /^maximum authentication attempts exceeded for (invalid user )?(.*) from (\S+) port (\d{1,5}) ssh2$/s;
const DENIED =
  /^User (.*) from (\S+) not allowed because ((?:not |a group is |none of user's groups are )?(?:listed|in any)|account is locked|shell )/s;
const PAM =
  /^(pam_\w+)\(sshd:auth\): authentication failure; logname=\S* uid=\d+ euid=\d+ tty=\S* ruser=\S* rhost=(\S*)(?:\s+user=(.*))?$/s;
const PAM_MORE =
  /^PAM (\d{1,3}) more authentication failures?; logname=\S* uid=\d+ euid=\d+ tty=\S* ruser=\S* rhost=(\S*)(?:\s+user=(.*))?$/s;
const PAM_ERROR = /^PAM: [A-Z][A-Za-z ]*? for ((?:illegal|invalid) user )?(.*) from (\S+)$/s;
const OPENED = /^Connection from (\S+) port (\d{1,5}) on /;
const ENDED =
  /^(?:Connection (?:closed|reset) by|Disconnecting|Disconnected from|Received disconnect from|Timeout before authentication|ssh_dispatch_run_fatal)/;

/** What a message of sshd says, or null when it says nothing about an attempt. */
export function readEvidence(message: string): Evidence | null {
  const line = message.trimEnd().replace(/ \[(?:preauth|postauth)\]$/, '');
  const body = line.replace(/^(?:error|fatal): /, '');
  switch (body.charCodeAt(0)) {
    case 0x41: // Accepted
    case 0x46: // Failed
      return verdict(body);
    case 0x49: // Invalid, Illegal
      return invalidUser(body);
    case 0x55: // User
      return denied(body);
    case 0x50: // PAM
    case 0x70: // pam_unix
      return pam(body);
    default:
      return connection(body);
  }
}

function verdict(body: string): Evidence | null {
  const match = VERDICT.exec(body);
  if (!match) return null;
  const [, word, method = '', rest = ''] = match;
  const found = place(rest, word === 'Accepted');
  if (!found) return null;
  const { invalid, user } = withoutPrefix(rest.slice(1, found.index));
  const from = origin(user, found.address, found.port);
  if (word === 'Accepted') return { kind: 'accepted', method, origin: from };
  return { kind: 'failed', method, invalid, origin: from };
}

interface Place {
  index: number;
  address: string;
  port: string;
}

function place(rest: string, accepted: boolean): Place | null {
  const match = TAIL.exec(rest) ?? KEY_TAIL.exec(rest) ?? certificatePlace(rest, accepted);
  if (!match) return null;
  const [, address = '', port = ''] = match;
  return { index: match.index, address, port };
}

/**
 * A certificate's id stands behind the address and is as free as the name before it. Where both could be meant, a refused
 * certificate says nothing (the end of the connection will tell); an accepted one was made by a trusted authority for a real account.
 */
function certificatePlace(rest: string, accepted: boolean): RegExpExecArray | null {
  if (!CERTIFICATE_END.test(rest)) return null;
  const all = [...rest.matchAll(CERTIFICATE)];
  return all.length === 1 || accepted ? (all[0] ?? null) : null;
}

function invalidUser(body: string): Evidence | null {
  const match = INVALID.exec(body);
  if (!match) return null;
  const [, user = '', address = '', port] = match;
  const from = origin(user, address, port);
  return { kind: 'hint', source: 'invalid', reason: 'unknown_subject', origin: from };
}

function denied(body: string): Evidence | null {
  const match = DENIED.exec(body);
  if (!match) return null;
  const [, user = '', address = '', why = ''] = match;
  const reason = why.startsWith('account') ? 'account_locked' : 'policy';
  return { kind: 'hint', source: 'denied', reason, origin: origin(user, address) };
}

function pam(body: string): Evidence | null {
  const failure = PAM.exec(body);
  if (failure) {
    const [, module = '', host = '', user] = failure;
    const reason = user === undefined ? 'unknown_subject' : 'wrong_password';
    return { kind: 'hint', source: module, reason, origin: origin(user ?? null, host) };
  }
  const more = PAM_MORE.exec(body);
  if (more) {
    const [, count, host = '', user] = more;
    return { kind: 'more', count: Number(count), origin: origin(user ?? null, host) };
  }
  const error = PAM_ERROR.exec(body);
  if (!error) return null;
  const [, unknown, user = '', host = ''] = error;
  const reason = unknown ? 'unknown_subject' : 'wrong_password';
  return { kind: 'hint', source: 'PAM', reason, origin: origin(user, host) };
}

function connection(body: string): Evidence | null {
  const maximum = MAXIMUM.exec(body);
  if (maximum) {
    const [, unknown, user = '', address = '', port] = maximum;
    const reason = unknown ? 'unknown_subject' : 'too_many_tries';
    return { kind: 'closed', source: 'maximum', reason, origin: origin(user, address, port) };
  }
  const closed = CLOSED.exec(body);
  if (closed) {
    const [, source = '', state, user = '', address = '', port] = closed;
    const reason = state === 'invalid' ? 'unknown_subject' : 'other';
    return { kind: 'closed', source, reason, origin: origin(user, address, port) };
  }
  const opened = OPENED.exec(body);
  if (opened) return { kind: 'opened', origin: origin(null, opened[1] ?? '', opened[2]) };
  return ENDED.test(body) ? { kind: 'ended' } : null;
}

function withoutPrefix(named: string): { invalid: boolean; user: string } {
  const prefix = /^(?:invalid|illegal) user /.exec(named);
  return prefix ? { invalid: true, user: named.slice(prefix[0].length) } : { invalid: false, user: named };
}

function origin(user: string | null, address: string, port?: string): Origin {
  const ip = readAddress(address);
  if (user === null && ip === null) return NOBODY;
  return { user: user === null ? null : plainName(user), ip, port: port ? Number(port) : null };
}

/** The address as an IP: mapped IPv4 as IPv4, without the zone of a link-local one; null for a host name. */
export function readAddress(text: string): string | null {
  const bare = text.replace(/%\S*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIP(bare) === 0 ? null : bare.toLowerCase();
}

/**
 * sshd writes bytes outside ASCII as `\303\274` and a backslash as `\\`. They are turned back so that the name can match a person's;
 * a name that would then hold control or direction characters stays as it was logged.
 */
export function plainName(logged: string): string {
  if (!logged.includes('\\')) return logged;
  const bytes = logged.replace(/\\(?:([0-3][0-7]{2})|\\)/g, (_, octal?: string) =>
    octal === undefined ? '\\' : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  if (/[^\x20-\x7e\x80-\xff]/.test(bytes)) return logged;
  const name = Buffer.from(bytes, 'latin1').toString('utf8');
  return /[\ufffd\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? logged : name;
}
