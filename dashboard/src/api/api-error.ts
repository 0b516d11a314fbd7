import { span, WHOLE_ADDRESS } from '../ui/wording.js';
import type { Problem } from './types.js';

/** A refused or failed request in words that may stand on the screen: what was not done, and what to do next. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly problem: Problem) {
    super(problem.title);
  }

  /** Stable code of the server's catalogue, or `unreachable` when no answer came. For decisions, never shown. */
  get code(): string {
    return this.problem.code;
  }

  get next(): string {
    return this.problem.detail ?? this.#nextOnScreen ?? this.problem.next;
  }

  /** The catalogue speaks to programs; people have buttons. */
  get #nextOnScreen(): string | undefined {
    const { code, retryAfter } = this.problem;
    if (code === 'too_many_tries' && retryAfter !== undefined) return `Wait ${this.wait}, then try again.`;
    if (code === 'unavailable' && this.status === 503) return 'Nothing was changed. Try again in a moment.';
    if (code === 'step_up_required') return 'Nothing was changed. Try again, and confirm it.';
    return undefined;
  }

  /** How long the server wants to be left alone, in words; empty where it doesn't say. */
  get wait(): string {
    const { retryAfter } = this.problem;
    return retryAfter === undefined ? '' : span(retryAfter / 60);
  }

  get status(): number {
    return this.problem.status;
  }

  /** Whether the same request may succeed later: not where the server understood it and said no. */
  get mayPass(): boolean {
    const { status, code } = this;
    return status < 400 || status === 408 || status === 429 || status >= 500 || code === 'step_up_required';
  }

  /** Correlation id for support; empty when the server was not reached. */
  get id(): string {
    return this.problem.id;
  }

  /** What is wrong with one field of the request, by its path (`email`, `0.name`), as a sentence that stands below it. */
  field(path: string): string | undefined {
    const message = this.problem.errors?.find((e) => e.path === path)?.message;
    if (message === 'must be an e-mail address') return WHOLE_ADDRESS;
    // The server's own words follow the name of the field.
    return message !== undefined && /^(must|is|has) /.test(message) ? `This ${message}.` : message;
  }
}

/** A refusal that comes from the browser, not from the server. */
export const pageError = (title: string, next: string): ApiError =>
  new ApiError({ type: 'about:blank', title, status: 0, code: 'page', next, id: '' });

/** Turns whatever was thrown into something that can be shown; programming errors keep their message for the developer's tools. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  reportError(thrown);
  return pageError('Something went wrong on this page.', 'Reload the page and try again.');
}
