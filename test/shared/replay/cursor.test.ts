import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../../shared/replay/cursor.ts';
import { monthsOf } from '../../../shared/replay/range.ts';

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

it('the months of a range are all that it touches, in order', () => {
  expect(monthsOf('2025-11-30', '2026-02-01')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
  expect(monthsOf('2026-01-31', '2026-01-31')).toEqual(['2026-01']);
});
