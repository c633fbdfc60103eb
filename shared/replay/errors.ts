import { AnnalsError } from '../errors.ts';

/** The archive is not as its digests say: nothing of the file in question was replayed. */
export class ReplayError extends AnnalsError {
  readonly code = 'replay';
}
