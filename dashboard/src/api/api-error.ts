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
    return this.problem.detail ?? this.problem.next;
  }

  /** Whether the same request may succeed later: not where the server understood it and said no. */
  get mayPass(): boolean {
    const { status } = this.problem;
    return status < 400 || status === 408 || status === 429 || status >= 500;
  }

  /** Correlation id for support; empty when the server was not reached. */
  get id(): string {
    return this.problem.id;
  }

  /** What is wrong with one field of the request, by its path (`email`, `0.name`). */
  field(path: string): string | undefined {
    return this.problem.errors?.find((e) => e.path === path)?.message;
  }
}

/** Turns whatever was thrown into something that can be shown; programming errors keep their message for the developer's tools. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  reportError(thrown);
  return new ApiError({
    type: 'about:blank',
    title: 'Something went wrong on this page.',
    status: 0,
    code: 'page',
    next: 'Reload the page and try again.',
    id: '',
  });
}
