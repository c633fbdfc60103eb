import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConversionError } from '../../../../infra/local/aws/firehose/conversion-error.ts';
import { recordConverter } from '../../../../infra/local/aws/firehose/convert.ts';
import { splitDocuments } from '../../../../infra/local/aws/firehose/documents.ts';
import { toParquet } from '../../../../infra/local/aws/firehose/parquet.ts';
import { expandPrefix, objectSuffix } from '../../../../infra/local/aws/firehose/prefix.ts';
import { hiveTimestamp } from '../../../../infra/local/aws/firehose/timestamp.ts';
import { openDuckDb, sqlText } from '../../../../shared/archive/duckdb.ts';

const jsonObject = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));

describe('splitDocuments', () => {
  it('gives back the objects of any record', () => {
    const space = fc.constantFrom('', ' ', '\n', '\r\n\t');
    fc.assert(
      fc.property(fc.array(fc.tuple(space, jsonObject, fc.constantFrom(0, 2))), space, (parts, end) => {
        const texts = parts.map(([, object, indent]) => JSON.stringify(object, null, indent));
        const record = parts.map(([before], index) => before + texts[index]).join('') + end;
        expect(splitDocuments(record)).toEqual(texts);
      }),
    );
  });

  it('takes nothing that is cut short', () => {
    fc.assert(
      fc.property(jsonObject, fc.nat(), (object, cut) => {
        const text = JSON.stringify(object);
        const part = text.slice(0, 1 + (cut % (text.length - 1)));
        expect(() => splitDocuments(part)).toThrow(ConversionError);
      }),
    );
  });
});

describe('hiveTimestamp', () => {
  const day = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });

  it('reads what toISOString writes, and epoch milliseconds of 13 digits', () => {
    fc.assert(
      fc.property(day, (date) => {
        const expected = date.toISOString().replace('T', ' ').replace('Z', '');
        expect(hiveTimestamp(date.toISOString())).toBe(`${expected}000`);
        const epoch = String(date.getTime());
        if (epoch.length >= 13) expect(hiveTimestamp(epoch)).toBe(expected);
      }),
    );
  });

  it.each([
    ['2026-11-22T10:20:30Z', '2026-11-22 10:20:30.000000'],
    ['2026-11-22T10:20:30.123456789Z', '2026-11-22 10:20:30.123456'],
    ['2026-1-2 10:20:30.5', '2026-01-02 10:20:30.500000'],
    ['2024-02-29 00:00:00', '2024-02-29 00:00:00.000000'],
    ['1518033528', '2018-02-07 19:58:48.000'],
    ['1518033528.123', '2018-02-07 19:58:48.123'],
  ])('reads %s', (text, expected) => {
    expect(hiveTimestamp(text)).toBe(expected);
  });

  it.each([
    '2026-11-22T10:20:30+00:00',
    '2026-11-22T10:20:30',
    '2026-11-22',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:20:60Z',
    '0000-01-01T00:00:00Z',
    '2026-11-22T10:20:30.1234567890Z',
    '9'.repeat(20),
    'now',
    '',
  ])('does not read %j, as Firehose does not', (text) => {
    expect(hiveTimestamp(text)).toBeUndefined();
  });
});

describe('expandPrefix', () => {
  const at = new Date('2026-03-04T05:06:07.890Z');

  it.each([
    ['data/', 'data/2026/03/04/05/'],
    ['data/!{firehose:random-string}/', /^data\/[0-9a-f]{11}\/2026\/03\/04\/05\/$/],
    ['d=!{timestamp:yyyy-MM-dd}/h=!{timestamp:HH}', 'd=2026-03-04/h=05'],
    ["!{timestamp:'year='yyyy'/it''s 'mm:ss''}", "year=2026/it's 06:07'"],
    ['!{timestamp:yyyy}/!{firehose:random-string}/', /^2026\/[0-9a-f]{11}\/$/],
  ])('%s', (prefix, expected) => {
    expect(expandPrefix(prefix, at)).toMatch(
      expected instanceof RegExp ? expected : new RegExp(`^${RegExp.escape(expected)}$`),
    );
  });

  it('names the kind of error, and adds no time to an error prefix', () => {
    expect(expandPrefix('errors/!{firehose:error-output-type}/', at, 'kind')).toBe('errors/kind/');
  });

  it.each([
    '!{timestamp:YYYY}',
    '!{timestamp:yy}',
    "!{timestamp:yyyy'open}",
    '!{firehose:error-output-type}/!{timestamp:yyyy}',
    '!{partitionKeyFromLambda:k}/!{timestamp:yyyy}',
    '!{timestamp:yyyy}/!{open',
  ])('refuses %s', (prefix) => {
    expect(() => expandPrefix(prefix, at)).toThrow(expect.objectContaining({ code: 'configuration' }));
  });

  it('leaves text without expressions alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('!{'));
        expect(expandPrefix(`${text}!{timestamp:ss}`, at)).toBe(`${text}07`);
      }),
    );
  });

  it('goes before a name of stream, time and uuid', () => {
    expect(objectSuffix('s', at, 'u')).toBe('s-1-2026-03-04-05-06-07-u');
  });
});

describe('recordConverter', () => {
  const convert = (type: string, json: string) =>
    recordConverter([{ name: 'Value', type }])(Buffer.from(`{"value":${json}}`))[0]?.['Value'];

  it.each([
    ['string', '"text"', 'text'],
    ['string', '""', ''],
    ['string', '12.5', '12.5'],
    ['string', '9007199254740993', '9007199254740993'],
    ['string', 'true', 'true'],
    ['string', '"\\ud800"', '\ufffd'],
    ['boolean', '"TRUE"', true],
    ['boolean', 'false', false],
    ['int', '2147483647', 2147483647],
    ['int', '"-7"', -7],
    ['bigint', '1e3', 1000],
    ['bigint', '"+12"', 12],
    ['double', '"1e-3"', 0.001],
    ['double', '7', 7],
    ['timestamp', '1518033528123', '2018-02-07 19:58:48.123'],
    ['array<int>', '[1,null,"2"]', [1, null, 2]],
    ['map<int,string>', '{"1":2,"+1":3}', { 1: '3' }],
    ['struct<Id:string>', '{"ID":1,"other":2}', { Id: '1' }],
    ['struct<id:string>', 'null', null],
    ['array<string>', 'null', null],
    ['map<string,int>', '{"__proto__":1}', JSON.parse('{"__proto__":1}')],
  ])('%s takes %s', (type, json, expected) => {
    expect(convert(type, json)).toEqual(expected);
  });

  it('keeps integers beyond 2^53', () => {
    expect(JSON.stringify(convert('bigint', '9223372036854775807'))).toBe('9223372036854775807');
    expect(JSON.stringify(convert('bigint', '"-9223372036854775808"'))).toBe('-9223372036854775808');
  });

  it.each([
    ['string', '{"nested":1}'],
    ['string', '[1]'],
    ['boolean', '1'],
    ['boolean', '"yes"'],
    ['int', '2147483648'],
    ['int', '1.5'],
    ['int', 'true'],
    ['bigint', '9223372036854775808'],
    ['bigint', '1e20'],
    ['bigint', '""'],
    ['double', '1e400'],
    ['double', '"NaN"'],
    ['double', 'true'],
    ['timestamp', 'true'],
    ['timestamp', '""'],
    ['array<int>', '{"0":1}'],
    ['array<int>', '["x"]'],
    ['struct<a:int>', '[]'],
    ['struct<a:int>', '{"a":"x"}'],
    ['map<int,int>', '{"x":1}'],
    ['map<string,int>', '[]'],
  ])('%s does not take %s', (type, json) => {
    expect(() => convert(type, json)).toThrow(/^Value: .*Data does not match the schema: /);
  });

  it('reads only UTF-8', () => {
    expect(() => recordConverter([])(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow(/not UTF-8/);
  });
});

describe('toParquet', () => {
  let duckDb: DuckDBInstance;
  let dir: string;
  beforeAll(async () => {
    duckDb = await openDuckDb();
    dir = await mkdtemp(join(tmpdir(), 'annals-parquet-'));
  });
  afterAll(async () => {
    duckDb.closeSync();
    await rm(dir, { recursive: true });
  });

  it('takes everything that the converter lets through, and keeps it', async () => {
    const columns = [
      { name: 's', type: 'string' },
      { name: 't', type: 'timestamp' },
      { name: 'b', type: 'boolean' },
      { name: 'l', type: 'bigint' },
      { name: 'd', type: 'double' },
      { name: 'i', type: 'int' },
      { name: 'a', type: 'array<struct<x:string,y:array<bigint>>>' },
      { name: 'm', type: 'map<bigint,string>' },
    ];
    const convert = recordConverter(columns);
    const any = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.array(fc.record({ x: fc.string({ unit: 'binary' }), y: fc.array(fc.maxSafeInteger()) }, { requiredKeys: [] })),
      fc.dictionary(fc.maxSafeInteger().map(String), fc.string({ unit: 'binary' })),
    );
    const document = fc.dictionary(fc.constantFrom(...columns.map(({ name }) => name), 'S', 'other'), any);
    const connection = await duckDb.connect();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(document, { minLength: 20, maxLength: 60 }), async (documents) => {
        const rows = documents.flatMap((one) => {
          try {
            return convert(Buffer.from(JSON.stringify(one)));
          } catch (error) {
            expect(error).toBeInstanceOf(ConversionError);
            return [];
          }
        });
        // DuckDB may remember what a file of the same name held.
        const path = join(dir, `${run++}.parquet`);
        await writeFile(path, await toParquet(duckDb, { columns, compression: 'SNAPPY' }, rows, dir));
        const read = await connection.runAndReadAll(`SELECT s, l, d FROM ${sqlText(path)}`);
        expect(read.getRowsJson().map(([s, l, d]) => [s, l, d])).toEqual(
          rows.map((row) => [row['s'] ?? null, textOrNull(row['l']), row['d'] ?? null]),
        );
      }),
      { numRuns: 25 },
    );
    connection.closeSync();
  });
});

function textOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
