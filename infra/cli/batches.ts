import type { Readable } from 'node:stream';
import type { JsonObject } from '../../shared/json.ts';
import { readRecords } from './records.ts';

const BATCH_EVENTS = 1_000;
/** Below the 4 MiB that a request may have when decompressed. */
const BATCH_BYTES = 3_500_000;

/** Vendor events that are sent or mapped together, and their JSON. */
export interface Batch {
  readonly raws: JsonObject[];
  readonly lines: string[];
}

/**
 * The vendor events of a file in the batches that an import sends them in: what has no id of the vendor's is counted within
 * its batch. What can't be read is told on standard error, and `unreadable` is called for each.
 */
export async function* batchesOf(input: Readable, unreadable: () => void): AsyncGenerator<Batch> {
  let batch: Batch = { raws: [], lines: [] };
  let bytes = 0;
  for await (const record of readRecords(input)) {
    if ('problem' in record) {
      process.stderr.write(`line ${record.place} ${record.problem}\n`);
      unreadable();
      continue;
    }
    const line = JSON.stringify(record.raw);
    const size = Buffer.byteLength(line) + 1;
    if (batch.lines.length === BATCH_EVENTS || (bytes > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = { raws: [], lines: [] };
      bytes = 0;
    }
    batch.raws.push(record.raw);
    batch.lines.push(line);
    bytes += size;
  }
  if (bytes > 0) yield batch;
}
