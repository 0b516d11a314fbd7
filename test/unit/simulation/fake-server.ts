import { newAttempt, type NewAttempt } from '../../../server/contracts/attempts.js';
import { newPeople, type NewPerson } from '../../../server/contracts/people.js';

export type Received = { at: number; key: string; attempts: NewAttempt[] };

/** Hours pass at once: sleeping moves the clock. */
export class FakeTime {
  readonly slept: number[] = [];
  constructor(public at: number) {}
  readonly clock = (): number => this.at;
  readonly sleep = (milliseconds: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    this.slept.push(milliseconds);
    this.at += milliseconds;
    return Promise.resolve();
  };
}

/** Takes what the simulation sends, as the record API would; `answers` come first, in order. */
export class FakeServer {
  readonly people: NewPerson[] = [];
  readonly requests: Received[] = [];
  readonly bodies: string[] = [];
  constructor(
    private readonly time: FakeTime,
    readonly answers: (Response | Error)[] = [],
    private readonly onRequest: (received: Received) => void = () => undefined,
  ) {}

  readonly fetch = ((url: URL, init: { headers: Record<string, string>; body: string }): Promise<Response> => {
    this.bodies.push(init.body);
    const answer = this.answers.shift();
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer) return Promise.resolve(answer);
    return Promise.resolve(url.pathname === '/api/v1/people' ? this.takePeople(init.body) : this.takeAttempts(init));
  }) as unknown as typeof fetch;

  private takePeople(body: string): Response {
    const people = newPeople.parse(JSON.parse(body));
    this.people.push(...people);
    return Response.json({ created: people.length, updated: 0 });
  }

  private takeAttempts({ headers, body }: { headers: Record<string, string>; body: string }): Response {
    expect(headers['content-type']).toBe('application/x-ndjson');
    const attempts = body.split('\n').map((line) => newAttempt.parse(JSON.parse(line)));
    const received = { at: this.time.at, key: headers['authorization'] ?? '', attempts };
    this.requests.push(received);
    this.onRequest(received);
    return Response.json({ recorded: attempts.length, duplicates: 0, rejected: [] }, { status: 202 });
  }
}
