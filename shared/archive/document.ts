import { decompress } from '../store/codecs/codec.ts';
import { type Item, readItem } from '../store/item.ts';
import { archiveRow, type RowRaw } from './row.ts';

/**
 * The JSON document that an event's table item becomes in the archive, on one line.
 *
 * @throws UnreadableBlobError or DamagedItemError when the item can't be read.
 */
export function archiveDocument(item: Item): string {
  const { event, raw } = readItem(item);
  return JSON.stringify(archiveRow(event, rowRaw(raw)));
}

function rowRaw(raw: ReturnType<typeof readItem>['raw']): RowRaw {
  if (raw === undefined) return { text: null, sha256: null, size: null };
  if ('sha256' in raw) return { text: null, sha256: raw.sha256, size: raw.size };
  const text = decompress(raw.codec, raw.bytes);
  // Its SHA-256 would be a quarter of the row, and says nothing that the text does not.
  return { text, sha256: null, size: Buffer.byteLength(text) };
}
