import type { ErrorCode, Problem } from '../contracts/errors.js';

/** What may accompany an error code; only fields of the problem document. */
export type RefusalDetail = Partial<Pick<Problem, 'detail' | 'errors' | 'retryAfter' | 'scope' | 'factors'>>;

/** A request that is not carried out, for a reason its sender can understand. Mapped to HTTP in one place only. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: ErrorCode,
    readonly info: RefusalDetail = {},
  ) {
    super(code);
  }
}
