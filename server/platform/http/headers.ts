/**
 * Sent with every answer. The policy allows what the console is built from and nothing else: no inline script or style, no other
 * origin, no framing, and only the two trusted-types policies that Svelte's templates need.
 */
const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** One year; only sent where the console is reached over TLS. */
const strictTransport = 'max-age=31536000; includeSubDomains';

/** The headers of every answer of an installation at this address. */
export const headersFor = (publicUrl: string): Readonly<Record<string, string>> =>
  publicUrl.startsWith('https:')
    ? { ...securityHeaders, 'strict-transport-security': strictTransport }
    : securityHeaders;
