import { AnnalsError } from '../../errors.ts';

/** A day can't be sealed, and trying again will not help: what is stored contradicts itself, or the key is another. */
export class SealError extends AnnalsError {
  readonly code = 'seal';
}
