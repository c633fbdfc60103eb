import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../stack/error.ts';

/** Everything that a start puts into its folder, besides the lock. */
const OURS =
  /^(cdk\.out|dynamodb|firehose|kms|logs|s3(-[a-z]+)?|(demo|local|operator|parameters|stack|vendors|event-source-[0-9a-f-]{36})\.json(\.\w+)*)$/;
/** The lock is this start's own, the others are left by file managers and editors of .gitignore. */
const HARMLESS = new Set(['lock', '.DS_Store', '.gitignore']);

/**
 * Deletes what earlier starts put into a folder that is locked, and nothing else.
 *
 * @throws StartError, and deletes nothing, when the folder holds anything that no start puts there.
 */
export function deleteData(dir: string): void {
  const entries = readdirSync(dir).filter((name) => !HARMLESS.has(name));
  const foreign = entries.find((name) => !OURS.test(name));
  if (foreign !== undefined)
    throw new StartError(
      `${dir} is not a folder of Annals alone: it holds ${foreign}, so --fresh deletes nothing; name another with --dir`,
    );
  for (const name of entries) rmSync(join(dir, name), { recursive: true, force: true });
}
