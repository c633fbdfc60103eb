import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCsv } from '../../../shared/csv.ts';
import { OpenFile } from '../../../shared/export/file.ts';
import type { JsonObject } from '../../../shared/json.ts';

const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", ';', ' ', 'a') }),
);
const columns = fc.uniqueArray(fc.constantFrom('id', 'action', 'reason', 'actor.name'), { minLength: 1 });
const events = fc.array(fc.record({ id: text, action: text, reason: text, actor: fc.record({ name: text }) }));

it('CSV is read back row by row, with an apostrophe before what a spreadsheet would run', () => {
  fc.assert(
    fc.property(columns, events, (names, some) => {
      const file = new OpenFile({ format: 'csv', columns: names });
      // In as many pieces as come.
      for (const event of some) file.add([event as JsonObject]);
      const { bytes, rows } = file.take();
      expect(rows).toBe(some.length);
      const expected = some.map((event) =>
        Object.fromEntries(
          names
            .map((name) => [name, name === 'actor.name' ? event.actor.name : event[name as 'id']] as const)
            .filter(([, value]) => value !== '')
            .map(([name, value]) => [name, FORMULA.test(value) ? `'${value}` : value]),
        ),
      );
      expect(parseCsv(gunzipSync(bytes).toString('utf8'))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

it('every line of CSV ends as RFC 4180 has it', () => {
  const file = new OpenFile({ format: 'csv', columns: ['id'] });
  file.add([{ id: 'a' }, { action: 'no id' }, { id: 'b\nc' }, { id: 'd\re' }]);
  expect(gunzipSync(file.take().bytes).toString()).toBe('id\r\na\r\n""\r\n"b\nc"\r\n"d\re"\r\n');
});

it('NDJSON keeps formulas, and integers of any size', () => {
  const file = new OpenFile({ format: 'ndjson' });
  file.add([{ action: '=1+1', raw: { left: 'out' } }]);
  expect(gunzipSync(file.take().bytes).toString()).toBe('{"action":"=1+1"}\n');
  expect(file.take().rows).toBe(0);
});
