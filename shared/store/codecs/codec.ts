import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { AnnalsError } from '../../errors.ts';
import { DICTIONARY_1 } from './dictionary-1.ts';

/** How a stored blob was compressed. Every blob's item names its codec; a codec, once released, is kept for ever. */
interface Codec {
  compress(bytes: Buffer): Buffer;
  decompress(bytes: Uint8Array): Buffer;
}

const dictionary = Buffer.from(DICTIONARY_1, 'utf8');
/** No stored blob is larger when decompressed: what a producer may send at once is 4 MiB, a webhook 6 MB. */
const MAX_DECOMPRESSED_BYTES = 16 * 1024 * 1024;

const CODECS: Readonly<Record<string, Codec>> = {
  // RFC 1951 with a preset dictionary: a small JSON event becomes a third of what it is without one.
  'deflate-1': {
    compress: (bytes) => deflateRawSync(bytes, { dictionary }),
    decompress: (bytes) => inflateRawSync(bytes, { dictionary, maxOutputLength: MAX_DECOMPRESSED_BYTES }),
  },
};

/** Every codec that was ever released. */
export const CODEC_NAMES: readonly string[] = Object.keys(CODECS);

/** The codec that new blobs are written with. */
export const CURRENT_CODEC = 'deflate-1';

/** A stored blob names a codec that this version does not know, or its bytes are damaged. */
export class UnreadableBlobError extends AnnalsError {
  readonly code = 'unreadable_blob';
}

export function compress(text: string): Buffer {
  return codecNamed(CURRENT_CODEC).compress(Buffer.from(text, 'utf8'));
}

/** @throws UnreadableBlobError for an unknown codec or damaged bytes. */
export function decompress(codec: string, bytes: Uint8Array): string {
  const known = codecNamed(codec);
  try {
    return known.decompress(bytes).toString('utf8');
  } catch (cause) {
    throw new UnreadableBlobError(`a blob of codec ${codec} can't be decompressed`, { cause });
  }
}

function codecNamed(name: string): Codec {
  const codec = Object.hasOwn(CODECS, name) ? CODECS[name] : undefined;
  if (!codec) throw new UnreadableBlobError(`codec ${name} is unknown: it is newer than this version of Annals`);
  return codec;
}
