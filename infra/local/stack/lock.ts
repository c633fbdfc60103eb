import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from './error.ts';

const FILE = 'lock';
const held = new Set<string>();

/** A folder that is this process's alone, until it is released or the process ends. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes a folder for this process alone; makes it if it is not there. A lock whose process is gone, after a kill, is
 * taken over.
 *
 * @throws StartError when a running process, this one included, has the folder, or when it can't be written to.
 */
export function lockFolder(dir: string): FolderLock {
  makeFolder(dir);
  const file = join(dir, FILE);
  const own = ownerText(process.pid);
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      writeFileSync(file, own, { flag: 'wx' });
      held.add(file);
      const release = () => {
        process.off('exit', release);
        if (held.delete(file)) unlinkSync(file);
      };
      process.once('exit', release);
      return { release };
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw new StartError(`${dir} can't be written to: ${codeOf(cause)}`, { cause });
      const owner = readOwner(file);
      if (owner !== undefined && isRunning(owner, file))
        throw new StartError(
          `Annals is running in ${dir} already (process ${owner.pid}): stop it, or give another --dir`,
        );
      if (owner !== undefined) unlinkSync(file);
    }
  }
  throw new StartError(`${dir} is being started by another process`);
}

function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  // Not `recursive`: Node.js never comes back from a place like /proc, where a folder can't be made in one that exists.
  const parent = dirname(dir);
  if (parent !== dir) makeFolder(parent);
  try {
    mkdirSync(dir);
  } catch (cause) {
    throw new StartError(`the folder ${dir} can't be made: ${codeOf(cause)}`, { cause });
  }
}

interface Owner {
  readonly pid: number;
  readonly text: string;
}

function readOwner(file: string): Owner | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return { pid: Number.parseInt(text, 10), text };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isRunning({ pid, text }: Owner, file: string): boolean {
  if (pid === process.pid) return held.has(file);
  try {
    // Signal 0 tests for existence only.
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  return ownerText(pid) === text;
}

/** The pid, and where the system tells it when that process began: pids are used again, most of all in containers. */
function ownerText(pid: number): string {
  try {
    // Field 22 of proc_pid_stat(5), counted after the command's closing bracket.
    const [, fields = ''] = /\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return `${pid} ${fields.split(' ')[19]}\n`;
  } catch {
    return `${pid}\n`;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
