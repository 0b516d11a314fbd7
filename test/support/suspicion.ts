import { anAttempt, ApiClient, eventually, type Gatehouse } from './gatehouse.js';

const DAY = 86_400_000;
const home = {
  ip: '193.136.2.20',
  outcome: 'success',
  reason: undefined,
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36',
};

/** People who signed in from one desk for twenty days. */
export async function settleIn(url: string, key: string, emails: readonly string[]): Promise<void> {
  const history = emails.flatMap((subject) =>
    Array.from({ length: 20 }, (_, day) =>
      anAttempt({ ...home, subject, occurredAt: new Date(Date.now() - (20 - day) * DAY).toISOString() }),
    ),
  );
  const authorization = `Bearer ${key}`;
  await new ApiClient(url).call('POST', '/api/v1/attempts', history, { authorization });
}

/** Their password works for somebody who tries it from a strange network, after some that don't. @returns when it has raised an alert */
export async function breakIn(gatehouse: Gatehouse, key: string, email: string, ip = '45.33.32.156'): Promise<void> {
  const at = (secondsAgo: number) => ({ occurredAt: new Date(Date.now() - secondsAgo * 1_000).toISOString() });
  const tries = Array.from({ length: 4 }, (_, index) => anAttempt({ subject: email, ip, ...at(60 - index) }));
  const success = anAttempt({ subject: email, ip, outcome: 'success', reason: undefined, ...at(30) });
  const headers = { authorization: `Bearer ${key}` };
  await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', [...tries, success], headers);
  await eventually(async () => {
    const found = await gatehouse.database.query<unknown[]>(
      `SELECT 1 FROM alerts a JOIN people p ON p.id = a.person_id WHERE a.kind = 'suspicious-sign-in' AND p.email = $1`,
      [email],
    );
    return found.length === 1;
  }, `an alert about the sign-in of ${email}`);
}
