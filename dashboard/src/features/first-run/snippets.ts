export const ways = ['HTTP', 'TypeScript', 'sshd log'] as const;
export type Way = (typeof ways)[number];

/** What to run so that attempts arrive; the same text is shown with the key covered and copied with the key. */
export function snippet(way: Way, origin: string, key: string): string {
  if (way === 'HTTP') return curl(origin, key);
  return way === 'TypeScript' ? typescript(origin, key) : shipper(origin, key);
}

const curl = (origin: string, key: string): string => `curl ${origin}/api/v1/attempts \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{ "occurredAt": "'$(date -u +%FT%TZ)'",
        "subject": "sam.okafor@example.com",
        "outcome": "success",
        "ip": "192.0.2.14",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0" }'`;

const typescript = (origin: string, key: string): string => `await fetch('${origin}/api/v1/attempts', {
  method: 'POST',
  headers: {
    authorization: 'Bearer ${key}',
    'content-type': 'application/json',
  },
  body: JSON.stringify({
    occurredAt: new Date(), subject: 'sam.okafor@example.com',
    outcome: 'success', ip: '192.0.2.14',
  }),
});`;

const shipper = (origin: string, key: string): string => `npm run gatehouse -- ship \\
  --file /var/log/auth.log --follow \\
  --key ${key} \\
  --url ${origin}`;

/** The key with all but its public beginning and its last two characters covered. */
export const covered = (key: string): string => `${key.slice(0, 8)}••••••••${key.slice(-2)}`;
