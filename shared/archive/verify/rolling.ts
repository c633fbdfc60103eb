import type { TimeLeft } from '../../retry.ts';
import type { SealedFile } from './sealed-file.ts';

export interface RollingOptions {
  /** The days from here on are read whole by every run, as far as time allows. */
  readonly recent: string;
  /** Where the older files go on: a position of an earlier run. */
  readonly position: string | undefined;
  /** For the older files. */
  readonly rollingLeft: TimeLeft;
  /** For all. */
  readonly timeLeft: TimeLeft;
}

/**
 * Chooses which files a run reads whole, when it has not the time for all: the newest, and of the older ones the next few, so
 * that run after run gets through all of them.
 */
export class RollingReads {
  readonly #options: RollingOptions;
  #next: string | undefined;
  #hasRead = false;

  constructor(options: RollingOptions) {
    this.#options = options;
  }

  /** To be asked for each file, by day and in the order of the digest. */
  readonly reads = ({ key }: SealedFile, day: string): boolean => {
    const { recent, position = '', rollingLeft, timeLeft } = this.#options;
    if (day >= recent) return timeLeft() > 0;
    const here = `${day} ${key}`;
    if (here < position || this.#next !== undefined) return false;
    // One file at least, however large, or it would be the first of every run.
    if (this.#hasRead && rollingLeft() <= 0) {
      this.#next = here;
      return false;
    }
    this.#hasRead = true;
    return true;
  };

  /** Where the next run goes on; undefined is the beginning. */
  get next(): string | undefined {
    return this.#next;
  }
}
