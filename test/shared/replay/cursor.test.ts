import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../../shared/replay/cursor.ts';
import { datesOf } from '../../../shared/replay/range.ts';

it('a cursor comes back as the position that it was written from', () => {
  const position = fc.record({ keepUntil: fc.nat(), file: fc.string(), id: fc.string() });
  fc.assert(
    fc.property(position, (one) => {
      expect(readCursor(writeCursor(one))).toEqual(one);
    }),
  );
});

it('anything else is refused with a word to the caller', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.json().map((json) => btoa(encodeURI(json))),
      ),
      (text) => {
        expect(() => readCursor(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
      },
    ),
  );
  expect(() => readCursor(`${writeCursor({ keepUntil: 1, file: 'a', id: 'b' })}=`)).toThrow(/begin anew/);
});

it('the partitions of a range are those of its days, in order, none older than the first and none later than tomorrow', () => {
  expect(datesOf('2025-12-30', '2026-01-02')).toEqual(['2025-12-30', '2025-12-31', '2026-01-01', '2026-01-02']);
  expect(datesOf('1970-01-01', '2014-12-31')).toEqual(['2015-01-01']);
  expect(datesOf('2026-01-31', '9999-12-31', new Date('2026-01-31T23:00:00Z'))).toEqual(['2026-01-31', '2026-02-01']);
});
