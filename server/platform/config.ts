import { createHmac, hkdfSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { KeyRing } from './key-ring.js';
import './plain-messages.js';
import { type Secrets, readSecrets, secretFile } from './secret-file.js';

/** A configuration value that can't be used; the message is one sentence meant for the person who starts Gatehouse. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Thirteen months: a log without years can be read whole, and the same month last year be compared with. */
export const RETENTION_DAYS_DEFAULT = 396;

const port = z.coerce
  .number('must be a number')
  .int('must be a whole number')
  .min(0, 'must be 0 to 65535')
  .max(65_535, 'must be 0 to 65535');
const emptyAsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(emptyAsAbsent, schema.optional());

const existingFile = z.string().refine(existsSync, 'must be the path of a file that is there');
const listed = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
const addressRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must list addresses or ranges such as 10.0.0.0/8, with commas between them',
});

const rootSecret = z.string().min(32, 'must be at least 32 characters; make one with: openssl rand -base64 48');

const environment = z.object({
  PORT: z.preprocess(emptyAsAbsent, port.default(3000)),
  HOST: z.preprocess(emptyAsAbsent, z.string().default('127.0.0.1')),
  PUBLIC_URL: optional(
    z.url({ protocol: /^https?$/, error: 'must be a full address such as https://gatehouse.example.com' }),
  ),
  GATEHOUSE_DATA_DIR: z.preprocess(emptyAsAbsent, z.string().default('./data')),
  DATABASE_URL: optional(
    z.url({ protocol: /^postgres(ql)?$/, error: 'must look like postgres://user:password@host:5432/name' }),
  ),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/, error: 'must look like redis://host:6379' })),
  GATEHOUSE_SECRET: optional(rootSecret),
  GATEHOUSE_OTHER_SECRETS: z.preprocess(
    emptyAsAbsent,
    z.string().default('').transform(listed).pipe(z.array(rootSecret)),
  ),
  GATEHOUSE_ADMIN_EMAIL: optional(z.email('must be an e-mail address')),
  GATEHOUSE_ADMIN_PASSWORD: optional(z.string()),
  GATEHOUSE_SIMULATE: optional(z.enum(['0', '1'])),
  GATEHOUSE_CITY_MMDB: optional(existingFile),
  GATEHOUSE_ASN_MMDB: optional(existingFile),
  TRUSTED_PROXIES: z.preprocess(emptyAsAbsent, z.string().default('').transform(listed).pipe(z.array(addressRange))),
  RETENTION_DAYS: z.preprocess(
    emptyAsAbsent,
    z.coerce
      .number()
      .int()
      .min(1, 'must be at least 1')
      .max(3650, 'must be at most 3650')
      .default(RETENTION_DAYS_DEFAULT),
  ),
  SMTP_URL: optional(
    z.url({ protocol: /^smtps?$/, error: 'must look like smtp://user:password@mail.example.com:587' }),
  ),
  MAIL_FROM: optional(z.email('must be an e-mail address')),
  SMS_GATEWAY_PRIVATE: optional(z.enum(['0', '1'])),
  WEBHOOK_PRIVATE: optional(z.enum(['0', '1'])),
  METRICS_TOKEN: optional(z.string().min(16, 'must be at least 16 characters')),
  LOG_LEVEL: z.preprocess(emptyAsAbsent, z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info')),
});

/** Everything that can be set from outside, read once at start. */
export type Config = {
  port: number;
  host: string;
  /** Origin under which browsers reach the console, without a trailing slash. */
  publicUrl: string;
  dataDir: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  firstAdmin: { email: string; password: string } | undefined;
  simulate: boolean;
  cityDatabase: string | undefined;
  asnDatabase: string | undefined;
  /** Addresses or CIDRs of proxies whose X-Forwarded-For is believed; none by default. */
  trustedProxies: string[];
  /** How long attempts are kept; older ones are refused. */
  retentionDays: number;
  /** The mail server; without one, messages become files in the data folder. */
  smtp: SmtpServer | undefined;
  /** Sender of every message. */
  mailFrom: string;
  /** Whether the SMS gateway may be on this machine or in a private network, and there without TLS. */
  smsGatewayPrivate: boolean;
  /** The same for the webhook's target. */
  webhookPrivate: boolean;
  metricsToken: string | undefined;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Gives the keys for one purpose; the root secrets themselves never leave this closure. */
  keysFor: (purpose: KeyPurpose) => KeyRing;
};

/** `tls`: from the first byte (`implicit`), by STARTTLS or not at all (`required`), or only where the server offers it (`offered`). */
export type SmtpServer = {
  host: string;
  port: number;
  tls: 'implicit' | 'required' | 'offered';
  user: string | undefined;
  password: string;
};

/** What keys are derived for; a new purpose never reuses another one's key. */
export type KeyPurpose =
  | 'password-pepper'
  | 'cursor-signature'
  | 'set-up-link'
  | 'audit-chain'
  | 'limit-keys'
  | 'outbox-secrets'
  | 'secrets-at-rest'
  | 'sent-codes';

/**
 * Reads the configuration.
 * @param env environment variables, normally `process.env`
 * @throws ConfigError naming the variable and what it must look like
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0])} ${issue?.message ?? 'is not valid'} (see .env.example).`);
  }
  const value = parsed.data;
  if ((value.GATEHOUSE_ADMIN_EMAIL === undefined) !== (value.GATEHOUSE_ADMIN_PASSWORD === undefined)) {
    throw new ConfigError('GATEHOUSE_ADMIN_EMAIL and GATEHOUSE_ADMIN_PASSWORD must be set together.');
  }
  if (value.SMTP_URL !== undefined && value.MAIL_FROM === undefined)
    throw new ConfigError('MAIL_FROM must be set along with SMTP_URL: mail servers refuse unknown senders.');
  const dataDir = resolve(value.GATEHOUSE_DATA_DIR);
  const publicUrl = (
    value.PUBLIC_URL ?? `http://${value.HOST.includes(':') ? `[${value.HOST}]` : value.HOST}:${value.PORT}`
  ).replace(/\/+$/, '');
  return {
    port: value.PORT,
    host: value.HOST,
    publicUrl,
    dataDir,
    databaseUrl: value.DATABASE_URL,
    redisUrl: value.REDIS_URL,
    firstAdmin: firstAdmin(value.GATEHOUSE_ADMIN_EMAIL, value.GATEHOUSE_ADMIN_PASSWORD),
    simulate: value.GATEHOUSE_SIMULATE === '1',
    cityDatabase: value.GATEHOUSE_CITY_MMDB,
    asnDatabase: value.GATEHOUSE_ASN_MMDB,
    trustedProxies: value.TRUSTED_PROXIES,
    retentionDays: value.RETENTION_DAYS,
    smtp: value.SMTP_URL === undefined ? undefined : smtpServer(new URL(value.SMTP_URL)),
    mailFrom: value.MAIL_FROM ?? 'gatehouse@localhost',
    smsGatewayPrivate: value.SMS_GATEWAY_PRIVATE === '1',
    webhookPrivate: value.WEBHOOK_PRIVATE === '1',
    metricsToken: value.METRICS_TOKEN,
    logLevel: value.LOG_LEVEL,
    keysFor: keysFrom(() =>
      value.GATEHOUSE_SECRET === undefined
        ? secretsOfFile(dataDir)
        : [value.GATEHOUSE_SECRET, ...value.GATEHOUSE_OTHER_SECRETS],
    ),
  };
}

/** Links that open accounts go through here: never in clear, except to this very machine or where `?tls=offered` accepts it. */
function smtpServer(url: URL): SmtpServer {
  const implicit = url.protocol === 'smtps:';
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const asked = url.searchParams.get('tls') ?? (local ? 'offered' : 'required');
  if (asked !== 'offered' && asked !== 'required')
    throw new ConfigError('SMTP_URL: tls must be "required" or "offered".');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (implicit ? 465 : 587) : Number(url.port),
    tls: implicit ? 'implicit' : asked,
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}

function firstAdmin(email: string | undefined, password: string | undefined): Config['firstAdmin'] {
  return email !== undefined && password !== undefined ? { email, password } : undefined;
}

/** HKDF-SHA-256 (RFC 5869) with the purpose as info, so that one leaked key tells nothing about another. */
function keysFrom(secrets: () => Secrets): Config['keysFor'] {
  const known = new Map<KeyPurpose, KeyRing>();
  return (purpose) => {
    const ring = known.get(purpose);
    if (ring) return ring;
    const [current, ...others] = secrets();
    const derive = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'gatehouse', purpose, 32));
    const made: KeyRing = [derive(current), ...others.map(derive)];
    known.set(purpose, made);
    return made;
  };
}

function secretsOfFile(dataDir: string): Secrets {
  try {
    return readSecrets(dataDir);
  } catch (error) {
    throw new ConfigError(
      `The secret file ${secretFile(dataDir)} can't be read or written (${(error as Error).message}); set GATEHOUSE_SECRET or make the folder writable.`,
    );
  }
}

/** Set-up token: derived, so that every server of an installation prints the same link; void once an admin exists. */
export function setUpToken(config: Config): string {
  return createHmac('sha256', config.keysFor('set-up-link')[0]).update('first-admin').digest('base64url');
}
