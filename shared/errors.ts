/**
 * The base of every error this project throws on purpose.
 *
 * `name` is the class, `code` a stable machine-readable word, `cause` the error underneath, if any.
 *
 * @example
 * ```ts
 * throw new NotFoundError('no event has this id', { cause: error });
 * ```
 */
export abstract class AnnalsError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One thing that is wrong with what a caller sent: `index` counts the events of a batch from 0. */
export interface Problem {
  readonly index?: number;
  /** Dot path to the offending value, empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** The caller sent something that can't be accepted; `problems` names everything that is wrong, at once. */
export class InvalidRequestError extends AnnalsError {
  readonly code = 'invalid_request';
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[] = [], options?: ErrorOptions) {
    super(message, options);
    this.problems = problems;
  }
}

/** What was asked for does not exist, or does not exist for this tenant. */
export class NotFoundError extends AnnalsError {
  readonly code = 'not_found';
}

/** The request contradicts what is stored already. */
export class ConflictError extends AnnalsError {
  readonly code = 'conflict';
}

/** The store did not take everything, even after retries. Sending the whole again is safe. */
export class StoreUnavailableError extends AnnalsError {
  readonly code = 'store_unavailable';
}

/** A setting or an environment variable is missing or malformed. */
export class ConfigurationError extends AnnalsError {
  readonly code = 'configuration';
}
