import { join } from 'node:path';
import { AwsError } from '../endpoint.ts';

// What every file system takes and DuckDB reads literally; `=` keeps Hive's partition folders as they are.
const PLAIN = /[^A-Za-z0-9_.=+,@-]/gu;
const MAX_KEY_BYTES = 1024;
const MAX_NAME_BYTES = 255;

/** The folder, relative to the data directory, in which the objects of a bucket lie as plain files. */
export function bucketPath(bucket: string): string {
  return join('s3', encodeSegment(bucket));
}

/**
 * A key as a relative path: one name for each segment, with the bytes of odd characters percent-encoded, so that no
 * key leads out of its folder and every path leads back to its key ({@link keyOfPath}).
 *
 * @throws AwsError KeyTooLongError beyond S3's 1,024 bytes, or when an encoded segment passes 255, the limit of file names.
 */
export function pathOfKey(key: string): string {
  const names = key.split('/').map(encodeSegment);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES || names.some((name) => name.length > MAX_NAME_BYTES))
    throw new AwsError('KeyTooLongError', 'Your key is too long');
  return names.join('/');
}

/** The key that {@link pathOfKey} made this relative path of. */
export function keyOfPath(path: string): string {
  return path
    .split(/[\\/]/)
    .map((name) => (name === '%' ? '' : decodeURIComponent(name)))
    .join('/');
}

/** Any text as a safe file name; a lone `%` stands for the empty text. */
export function encodeSegment(segment: string): string {
  if (segment === '') return '%';
  if (segment === '.' || segment === '..') return segment.replaceAll('.', '%2E');
  return segment.replace(PLAIN, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
