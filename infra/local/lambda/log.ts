import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const KEEP_BYTES = 5 * 1024 * 1024;

/**
 * The log of one function: lines appended to a file, each written before the call returns. A file over 5 MB is put
 * aside as `<file>.1` when the log is opened, in place of the one put aside before. Each chunk is dropped while
 * `allowed` says no.
 */
export class FunctionLog {
  readonly #fd: number;
  #open = true;
  readonly #allowed: () => boolean;

  constructor(file: string, allowed: () => boolean) {
    mkdirSync(dirname(file), { recursive: true });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > KEEP_BYTES) renameSync(file, `${file}.1`);
    this.#fd = openSync(file, 'a');
    this.#allowed = allowed;
  }

  write(line: string): void {
    // An ended thread's last output may come late.
    if (this.#open && this.#allowed()) writeSync(this.#fd, `${line}\n`);
  }

  /** Something to hand output to in chunks of any size; whole lines are written as they are complete. */
  lines(): { push(chunk: string): void; end(): void } {
    let rest = '';
    return {
      push: (chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        if (lines.length > 0) this.write(lines.join('\n'));
      },
      end: () => {
        if (rest !== '') this.write(rest);
        rest = '';
      },
    };
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }
}
