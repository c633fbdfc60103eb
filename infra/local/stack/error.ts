import { AnnalsError } from '../../../shared/errors.ts';

/** The local stack can't start, for a reason that whoever starts it can do something about. The message is all there is to say. */
export class StartError extends AnnalsError {
  readonly code = 'start';
}
