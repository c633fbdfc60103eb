import { createHash } from 'node:crypto';
import { LARGE_RAW_PREFIX } from '../columns.ts';
import { Found } from './findings.ts';
import { Inventory } from './inventory.ts';
import type { ArchiveReader } from './reader.ts';

/**
 * Sees whether a raw event that was too large for its row lies aside, once, and is what its name says: its SHA-256.
 *
 * @param from the file whose row names it.
 * @throws Found when not.
 */
export async function checkLargeRaw(sha256: string, from: string, reader: ArchiveReader): Promise<void> {
  const key = `${LARGE_RAW_PREFIX}${sha256}`;
  const inventory = new Inventory(reader, key);
  for await (const { code, message } of inventory.load()) throw new Found(code, key, message);
  const hidden = inventory.hidden.get(key);
  if (hidden !== undefined) throw new Found(hidden.code, key, hidden.message);
  const held = await inventory.first(key);
  const stream = held && (await reader.read(key, held.version));
  if (stream === undefined)
    throw new Found('missing_file', key, `${key} is missing: an event in ${from} has it as its raw`);
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  if (hash.digest('hex') !== sha256)
    throw new Found('altered_file', key, `${key} was altered: its SHA-256 is not its name`);
}
