import { createHash, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../../../shared/errors.ts';

/** What `local.json` tells commands on this machine: where Annals answers, and an API key that may do everything. */
export const LocalAccess = z.strictObject({ url: z.string(), key: z.string(), tenant: z.string() });
export type LocalAccess = z.infer<typeof LocalAccess>;

/** Undefined when there is no such file yet, or it holds something else. */
export function readLocalAccess(dir: string): LocalAccess | undefined {
  try {
    return LocalAccess.parse(JSON.parse(readFileSync(join(dir, 'local.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Readable by its owner only, as it holds a key. */
export function writeLocalAccess(dir: string, access: LocalAccess): void {
  writeJson(join(dir, 'local.json'), access, 0o600);
}

/** Tells the SQL command where things lie, from the outputs of the stack; a missing output is left out. */
export function writeStackFile(dir: string, outputs: Readonly<Record<string, string>>): void {
  const buckets = {
    landing: outputs['LandingBucket'],
    archive: outputs['ArchiveBucket'],
    failures: outputs['FailuresBucket'],
  };
  writeJson(join(dir, 'stack.json'), { buckets, database: outputs['Database'] }, 0o644);
}

const StackFile = z.object({
  buckets: z.object({ landing: z.string(), archive: z.string(), failures: z.string() }),
  database: z.string(),
});

/**
 * Where things lie in a data directory, as the start command wrote it.
 *
 * @throws ConfigurationError when nothing was ever started there.
 */
export function readStackFile(dir: string): z.infer<typeof StackFile> {
  const path = join(dir, 'stack.json');
  try {
    return StackFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new ConfigurationError(
      isAbsent
        ? `there is no ${path}: start Annals once with npm start, or name its folder with --dir`
        : `${path} can't be read; npm start writes it anew`,
      { cause },
    );
  }
}

const OperatorFile = z.object({
  endpoint: z.object({
    url: z.url(),
    region: z.string(),
    credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  }),
  outputs: z.record(z.string(), z.string()),
});
export type OperatorFile = z.infer<typeof OperatorFile>;

/**
 * Tells commands on this machine where the AWS services of this start answer, and how the operator calls them. Readable by the
 * owner of the folder only, who may do everything with it anyway.
 */
export function writeOperatorFile(dir: string, file: OperatorFile): void {
  writeJson(join(dir, 'operator.json'), file, 0o600);
}

/** @throws ConfigurationError when nothing was ever started there. */
export function readOperatorFile(dir: string): OperatorFile {
  const path = join(dir, 'operator.json');
  try {
    return OperatorFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new ConfigurationError(`${path} can't be read: start Annals with npm start, or name its folder with --dir`, {
      cause,
    });
  }
}

/** True for the key of `local.json`, in a time that does not depend on what is given. */
export function isLocalKey(dir: string, token: string): boolean {
  const access = readLocalAccess(dir);
  return access !== undefined && timingSafeEqual(sha256(token), sha256(access.key));
}

/** Replaces the file whole. */
export function writeJson(file: string, value: unknown, mode: number): void {
  const draft = `${file}.tmp`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode });
  // An older draft keeps its mode.
  chmodSync(draft, mode);
  renameSync(draft, file);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
