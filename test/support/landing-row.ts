import { archiveRow, sha256Hex } from '../../shared/archive/row.ts';
import type { CanonicalEvent } from '../../shared/event/schema.ts';
import type { JsonObject } from '../../shared/json.ts';

/** The row of landing that an event becomes, as `toParquet` takes it. */
export function landingRow({ raw, ...event }: CanonicalEvent): JsonObject {
  const text = JSON.stringify(raw ?? {});
  const kept = { text, sha256: sha256Hex(text), size: Buffer.byteLength(text) };
  return withSqlTimes(archiveRow(event, kept) as JsonObject);
}

/** A document of the archive with its times as DuckDB reads them. */
export function withSqlTimes(document: JsonObject): JsonObject {
  const sql = (name: string) => String(document[name]).replace('T', ' ').replace('Z', '');
  return { ...document, time: sql('time'), received_at: sql('received_at') };
}
