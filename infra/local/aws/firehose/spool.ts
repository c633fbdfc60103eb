import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = /^(\d{12})\.spool$/;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export interface SpooledRecord {
  /** Epoch milliseconds. */
  readonly arrival: number;
  /** The bytes in base64, as the producer sent them. */
  readonly data: string;
}

/** Records that were accepted and are not delivered yet, in files of at most some 64 MiB each. */
export interface Spool {
  /** Returns when the operating system has the records, so that only the machine's own fall can lose them. */
  append(records: readonly SpooledRecord[]): void;
  /** Closes the file that is written to and names all that wait, oldest first. */
  seal(): string[];
  /** Takes a delivered file away. */
  remove(path: string): void;
  close(): void;
}

/** Opens the spool in a folder of its own, with whatever an earlier process left there. */
export function openSpool(dir: string): Spool {
  mkdirSync(dir, { recursive: true });
  const waiting: string[] = [];
  let last = 0;
  for (const name of readdirSync(dir).sort()) {
    const [, number] = FILE.exec(name) ?? [];
    if (number === undefined) rmSync(join(dir, name));
    else {
      waiting.push(join(dir, name));
      last = Number(number);
    }
  }
  let open: { fd: number; bytes: number } | undefined;

  function close(): void {
    if (open !== undefined) closeSync(open.fd);
    open = undefined;
  }
  function openFile(): { fd: number; bytes: number } {
    const path = join(dir, `${String(++last).padStart(12, '0')}.spool`);
    const file = { fd: openSync(path, 'ax'), bytes: 0 };
    waiting.push(path);
    return file;
  }

  return {
    append(records) {
      open ??= openFile();
      const bytes = Buffer.from(records.map(({ arrival, data }) => `${arrival} ${data}\n`).join(''), 'latin1');
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(open.fd, bytes, at);
        open.bytes += bytes.length;
      } catch (error) {
        // Half a line may stand there now; nothing may be written behind it.
        close();
        throw error;
      }
      if (open.bytes > MAX_FILE_BYTES) close();
    },
    seal() {
      close();
      return [...waiting];
    },
    remove(path) {
      rmSync(path, { force: true });
      waiting.splice(waiting.indexOf(path), 1);
    },
    close,
  };
}

/** The records of a spool file. A last line that does not end was never acknowledged and is left out. */
export async function readSpool(path: string): Promise<SpooledRecord[]> {
  const lines = (await readFile(path, 'latin1')).split('\n');
  lines.pop();
  return lines.map((line) => {
    const space = line.indexOf(' ');
    return { arrival: Number(line.slice(0, space)), data: line.slice(space + 1) };
  });
}
