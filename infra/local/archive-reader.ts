import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { ArchiveReader } from '../../shared/archive/verify/reader.ts';
import { createReader } from './aws/s3/reader.ts';

/** An {@link ArchiveReader} over a bucket of a data directory, whether Annals is running there or not. */
export function localArchiveReader(dir: string, bucket: string): ArchiveReader {
  const files = createReader(dir);
  return {
    async *versions(prefix) {
      for (const key of await files.allKeys(bucket, prefix)) {
        const stored = await files.load(bucket, key);
        for (const { id, kind } of stored.versions) {
          if (kind === 'marker') yield { key, version: id, size: 0, deleteMarker: true };
          else {
            const found = await stat(files.fileOf(bucket, key, stored, id)).catch(() => undefined);
            // Somebody took the bytes away: that version is gone.
            if (found !== undefined) yield { key, version: id, size: found.size, deleteMarker: false };
          }
        }
      }
    },
    async read(key, version) {
      const path = files.fileOf(bucket, key, await files.load(bucket, key), version);
      return (await isThere(path)) ? createReadStream(path) : undefined;
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
