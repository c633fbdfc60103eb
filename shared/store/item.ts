import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { sha256Hex } from '../archive/row.ts';
import { AnnalsError } from '../errors.ts';
import { timeOfId } from '../event/id.ts';
import type { PreparedEvent } from '../event/prepare.ts';
import type { CanonicalEvent } from '../event/schema.ts';
import { type JsonObject, parseJson } from '../json.ts';
import { expiresAt } from '../retention.ts';
import { CURRENT_CODEC, compress, decompress } from './codecs/codec.ts';
import { eventKey } from './keys.ts';

export type Item = Record<string, AttributeValue>;

/** What of an item may be compressed blobs: DynamoDB refuses items over 400 KB, keys and names included. */
const MAX_BLOB_BYTES = 350_000;
/** What of an archive document may be the raw event, written as a JSON string: Firehose takes 1,000 KiB a record. */
const MAX_ROW_RAW_BYTES = 700_000;

/** A raw event too large for the table: it lies in the archive bucket, named by the SHA-256 of its bytes. */
export interface LargeRaw {
  readonly sha256: string;
  readonly bytes: Buffer;
}

/** Where an event's raw is: compressed in the item, or kept aside under its SHA-256. `size` is that of its JSON, in bytes. */
export type RawPlace =
  | { readonly codec: string; readonly bytes: Uint8Array; readonly size: number }
  | { readonly sha256: string; readonly size: number };

/** An event read from the table. */
export interface StoredEvent {
  readonly event: CanonicalEvent;
  readonly expiresAt: number | undefined;
  readonly raw: RawPlace | undefined;
}

/** An item that can't be decoded. */
export class DamagedItemError extends AnnalsError {
  readonly code = 'damaged_item';
}

/** The table item of an event; `large` is what has to be written to S3 before it. */
export function eventItem(prepared: PreparedEvent, shard: number): { item: Item; large?: LargeRaw } {
  const { id, tenant, source, raw, ...rest } = prepared.event;
  const blob = compress(JSON.stringify(rest));
  const item: Item = {
    pk: { S: eventKey(tenant, source, rest.time.slice(0, 10), shard) },
    sk: { S: id },
    codec: { S: CURRENT_CODEC },
    event: { B: blob },
    contentHash: { S: prepared.contentHash },
  };
  const expiry = expiresAt(rest.time, rest.receivedAt, rest.tier);
  const { archived } = prepared;
  if (expiry !== undefined) item['expiresAt'] = { N: String(Math.max(expiry, archived?.keepUntil ?? 0)) };
  if (archived?.raw) {
    item['rawSize'] = { N: String(archived.raw.size) };
    item['rawSha256'] = { S: archived.raw.sha256 };
  }
  if (raw === undefined) return { item };
  const text = JSON.stringify(raw);
  const compressed = compress(text);
  const bytes = Buffer.from(text, 'utf8');
  item['rawSize'] = { N: String(bytes.length) };
  if (
    blob.length + compressed.length <= MAX_BLOB_BYTES &&
    Buffer.byteLength(JSON.stringify(text)) <= MAX_ROW_RAW_BYTES
  ) {
    item['raw'] = { B: compressed };
    return { item };
  }
  const sha256 = sha256Hex(bytes);
  item['rawSha256'] = { S: sha256 };
  return { item, large: { sha256, bytes } };
}

/**
 * Reads an event's item back.
 *
 * @throws UnreadableBlobError or DamagedItemError when it isn't one.
 */
export function readItem(item: Item): StoredEvent {
  const codec = item['codec']?.S;
  const blob = item['event']?.B;
  const id = item['sk']?.S;
  const [tenant, source] = item['pk']?.S?.split('#') ?? [];
  if (codec === undefined || blob === undefined || id === undefined || tenant === undefined || source === undefined) {
    throw new DamagedItemError(`item ${item['pk']?.S} / ${id} is not an event`);
  }
  // Only this module writes the blob, so its shape is known.
  const rest = JSON.parse(decompress(codec, blob)) as Omit<CanonicalEvent, 'id' | 'tenant' | 'source' | 'raw'>;
  return {
    event: { id, tenant, source, ...rest },
    expiresAt: item['expiresAt']?.N === undefined ? undefined : Number(item['expiresAt'].N),
    raw: rawPlace(item, codec),
  };
}

function rawPlace(item: Item, codec: string): RawPlace | undefined {
  const size = Number(item['rawSize']?.N);
  if (item['raw']?.B !== undefined) return { codec, bytes: item['raw'].B, size };
  const sha256 = item['rawSha256']?.S;
  return sha256 === undefined ? undefined : { sha256, size };
}

/** A raw event's text as the object it was. */
export function parseRaw(text: string): JsonObject {
  return parseJson(text) as JsonObject;
}

/** The day, UTC, that an event id belongs to. */
export function dateOfId(id: string): string {
  return timeOfId(id).slice(0, 10);
}
