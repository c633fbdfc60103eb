import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isJsonObject, parseJson, scalarText } from '../../shared/json.ts';

describe('parseJson', () => {
  it('keeps integers of any size digit by digit', () => {
    fc.assert(
      fc.property(fc.bigInt(), (integer) => {
        const text = `{"id":${integer},"list":[${integer}]}`;
        const value = parseJson(text);
        expect(JSON.stringify(value)).toBe(text);
        expect(isJsonObject(value) && scalarText(value['id'])).toBe(String(integer));
      }),
    );
  });

  it('reads everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const plain = JSON.stringify(JSON.parse(text));
        expect(JSON.stringify(parseJson(plain))).toBe(plain);
      }),
    );
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(object));
      }),
    );
  });

  it('refuses what is nested too deeply, by a plain error', () => {
    const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000)) as unknown;
    expect(() => canonicalJson(deep)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('keeps large integers apart', () => {
    const of = (digits: string) => canonicalJson(parseJson(`{"id":${digits}}`));
    expect(of('9007199254740993')).not.toBe(of('9007199254740992'));
  });
});
