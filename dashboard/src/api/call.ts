import { ApiError } from './api-error.js';
import { attendance } from './attendance.js';
import { serverClock } from './server-clock.svelte.js';
import type { Problem } from './types.js';

type Query = Record<string, string | number | boolean | null | undefined>;
export type CallOptions = { query?: Query; body?: unknown; signal?: AbortSignal };

type SignedOutListener = (problem: Problem, unanswered: boolean) => void;

/** Told about each answer that says that nobody is signed in here any more, and whether the change before it was left without one. */
let onSignedOut: SignedOutListener = () => undefined;

/** Registers the one listener for 401 answers, so that no page has to look for them. */
export function listenForSignedOut(listener: SignedOutListener): void {
  onSignedOut = listener;
}

let onLocked: () => void = () => undefined;

/** Registers the one listener for answers that say that this session is locked. */
export function listenForLocked(listener: () => void): void {
  onLocked = listener;
}

let onConfined: () => void = () => undefined;

/** Registers the one listener for answers that say that this session has to do something else first. */
export function listenForConfined(listener: () => void): void {
  onConfined = listener;
}

/** Asks the person to confirm a sensitive action; resolves to true when that was done. */
let onStepUp: () => Promise<boolean> = () => Promise.resolve(false);

/** Registers who asks for the confirmation, so that every page may do what needs one and just goes on. */
export function confirmWith(ask: () => Promise<boolean>): void {
  onStepUp = ask;
}

/** The connection broke after a change was sent: it may have been made, and the new token that came with it is lost. */
let unanswered = false;

const unreachable: Problem = {
  type: 'about:blank',
  title: 'Gatehouse can’t be reached.',
  status: 0,
  code: 'unreachable',
  next: 'Check your connection and try again.',
  id: '',
};

function target(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.includes('problem+json') === true) {
    return (await response.json()) as Problem;
  }
  const id = response.headers.get('x-request-id') ?? '';
  // A proxy answered in the server's place.
  return { ...unreachable, status: response.status, code: 'unavailable', id };
}

/**
 * Calls the API with the cookie of this browser. Resolves with the answer's body (undefined when it has none) and
 * throws `ApiError` for everything else, also when no answer comes.
 */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  let response = await send(method, path, options);
  let problem = response.ok ? null : await problemOf(response);
  // The token may have been replaced, here or in another tab, while the request was on its way; then nothing was done.
  const replaced = problem?.code === 'not_signed_in';
  if (replaced || (problem?.code === 'step_up_required' && (await onStepUp()))) {
    response = await send(method, path, options);
    problem = response.ok ? null : await problemOf(response);
  }
  if (problem === null) unanswered = false;
  if (problem === null) return (response.status === 204 ? undefined : await response.json()) as T;
  tell(problem);
  throw new ApiError(problem);
}

/** What concerns the whole session, and not this one request. */
function tell(problem: Problem): void {
  const { code } = problem;
  if (code === 'session_ended' || code === 'not_signed_in') onSignedOut(problem, unanswered);
  if (code === 'session_locked') onLocked();
  if (code === 'set_up_required' || code === 'password_change_required') onConfined();
}

async function send(method: string, path: string, { query, body, signal }: CallOptions): Promise<Response> {
  const sentAt = Date.now();
  try {
    const response = await fetch(target(path, query), {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        // Only what a person does keeps the session from locking and ending.
        ...(attendance.attended ? {} : { 'x-unattended': '1' }),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
      ...(signal === undefined ? {} : { signal }),
    });
    serverClock.heard(response.headers.get('date'), sentAt, Date.now());
    return response;
  } catch (thrown) {
    if (signal?.aborted === true) throw thrown;
    unanswered ||= method !== 'GET';
    throw new ApiError(unreachable);
  }
}
