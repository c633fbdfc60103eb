import { join, normalize } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunked } from '../../../../infra/local/aws/s3/chunked.ts';
import { encodeSegment, keyOfPath, pathOfKey } from '../../../../infra/local/aws/s3/paths.ts';
import { textsOf, toXml } from '../../../../infra/local/aws/s3/xml.ts';

const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((text) => text.toWellFormed());
const awkward = fc
  .array(fc.constantFrom('', '.', '..', '%', '%2E', 'a=b', 'CON', 'é', ' ', '\\', '*', '~'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((segments) => segments.join('/'));

describe('paths of keys', () => {
  it('lead back to their keys and never out of the folder', () => {
    fc.assert(
      fc.property(fc.oneof(key, awkward), (text) => {
        const path = pathOfKey(text);
        expect(keyOfPath(path)).toBe(text);
        expect(path).toMatch(/^[A-Za-z0-9_.=+,@%-]+(\/[A-Za-z0-9_.=+,@%-]+)*$/);
        expect(normalize(join('/root', path))).toBe(`/root/${path}`);
      }),
    );
  });

  it('differ for different keys', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(key, awkward), { minLength: 2, maxLength: 2 }), ([a = '', b = '']) => {
        expect(pathOfKey(a)).not.toBe(pathOfKey(b));
      }),
    );
  });

  it('leave room for names of our own that no key can have', () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(encodeSegment(text.replaceAll('/', ''))).not.toMatch(/^%et/);
      }),
    );
  });
});

describe('decodeChunked', () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 5 });
  const frame = (parts: readonly Uint8Array[], extension: string, trailers: Readonly<Record<string, string>>) =>
    Buffer.concat([
      ...parts.flatMap((part) => [
        Buffer.from(`${part.length.toString(16)}${extension}\r\n`),
        part,
        Buffer.from('\r\n'),
      ]),
      Buffer.from(`0${extension}\r\n`),
      ...Object.entries(trailers).map(([name, value]) => Buffer.from(`${name}:${value}\r\n`)),
      Buffer.from('\r\n'),
    ]);
  const trailers = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,9}$/), fc.stringMatching(/^[!-9;-~]{1,20}$/), {
    maxKeys: 3,
  });
  const extension = fc.constantFrom('', `;chunk-signature=${'0'.repeat(64)}`);

  it('takes off what was put on', () => {
    fc.assert(
      fc.property(chunks, extension, trailers, (parts, ext, tail) => {
        const bytes = Buffer.concat(parts);
        const decoded = decodeChunked(frame(parts, ext, tail), bytes.length);
        expect(decoded.bytes.equals(bytes)).toBe(true);
        expect(decoded.trailers).toEqual({ ...tail });
      }),
    );
  });

  it('never takes a part for the whole', () => {
    fc.assert(
      fc.property(chunks, fc.nat(), (parts, cut) => {
        const body = frame(parts, '', {});
        // Without its very last line end the body is still complete.
        const part = body.subarray(0, cut % (body.length - 2));
        expect(() => decodeChunked(part, undefined)).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
      }),
    );
  });

  it.each([
    ['5\r\nhello\r\n0\r\n\r\n', 4],
    ['4\r\nhello\r\n0\r\n\r\n', undefined],
    ['zz\r\n', undefined],
    ['0\r\nno trailer\r\n\r\n', undefined],
  ])('refuses %j', (body, length) => {
    expect(() => decodeChunked(Buffer.from(body), length)).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
  });
});

describe('XML', () => {
  it('carries every text that XML can carry', () => {
    fc.assert(
      fc.property(fc.array(key), (texts) => {
        const xml = toXml('Root', { List: { Item: texts }, None: undefined });
        expect(textsOf(xml, 'Item')).toEqual(texts);
        expect(xml).not.toContain('None');
      }),
    );
  });

  it('reads the entities that clients write', () => {
    expect(textsOf('<A><K>&#x41;&#66;&amp;&apos;&quot;&lt;&gt;&amp;lt;</K><K/><K></K></A>', 'K')).toEqual([
      'AB&\'"<>&lt;',
      '',
    ]);
  });
});
