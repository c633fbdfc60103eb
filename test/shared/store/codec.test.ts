import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODEC_NAMES, CURRENT_CODEC, compress, decompress } from '../../../shared/store/codecs/codec.ts';
import { DICTIONARY_1 } from '../../../shared/store/codecs/dictionary-1.ts';

interface Released {
  codec: string;
  blobs: { text: string; base64: string }[];
}
const released = JSON.parse(readFileSync(new URL('../../fixtures/blobs.json', import.meta.url), 'utf8')) as Released[];

describe('codecs of stored blobs', () => {
  it('has stored blobs of every released codec to read', () => {
    expect(released.map(({ codec }) => codec)).toEqual(CODEC_NAMES);
  });

  it.each(released)('still reads what $codec wrote when it was released', ({ codec, blobs }) => {
    for (const { text, base64 } of blobs) expect(decompress(codec, Buffer.from(base64, 'base64'))).toBe(text);
  });

  it('never edits a released dictionary', () => {
    expect(createHash('sha256').update(DICTIONARY_1).digest('hex')).toMatchInlineSnapshot(
      `"c118fbca4f6f10815daa039601bc1ce4d1c64a0baaa27a58895d6a70d210675e"`,
    );
  });

  it('gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (text) => {
        const wellFormed = text.toWellFormed();
        expect(decompress(CURRENT_CODEC, compress(wellFormed))).toBe(wellFormed);
      }),
    );
  });

  it('refuses an unknown codec, also one named after a member of Object', () => {
    for (const codec of ['zstd-9', 'constructor', '']) {
      expect(() => decompress(codec, Buffer.of(3, 0))).toThrow(expect.objectContaining({ code: 'unreadable_blob' }));
    }
  });

  it('throws one kind of error for any damaged bytes, or reads something', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decompress(CURRENT_CODEC, bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UnreadableBlobError', code: 'unreadable_blob' });
        }
      }),
    );
  });
});
