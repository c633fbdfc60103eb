import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldBy } from '../../../../shared/archive/hold.ts';
import { cursorOf, heldFiles, placeOf } from '../../../../shared/archive/retain/held-files.ts';
import { InvalidRequestError } from '../../../../shared/errors.ts';
import { FakeArchive, type TestFile } from './fake-archive.ts';

const HOLD = { tenant: 'main', from: '2026-03-05T00:00:00.000Z', to: '2026-03-20T00:00:00.000Z' };
const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}`;
const file = fc.record({ tenant: fc.constantFrom('main', 'acme'), at: fc.integer({ min: 1, max: 28 }) }).map(
  ({ tenant, at }): TestFile => ({
    tenant,
    earliest: `${day(at)}T01:00:00.000Z`,
    latest: `${day(at)}T02:00:00.000Z`,
  }),
);

describe('heldFiles', () => {
  it('gives every file once, page after page, however little time each has', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(file, { maxLength: 4 }), { maxLength: 25 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        async (days, limit, isHasty) => {
          const archive = new FakeArchive();
          const sealed = days.flatMap((files, index) =>
            archive.seal(day(index + 1), files).map((key, at) => ({ key, file: files[at]! })),
          );
          const about = sealed.filter((one) => heldBy([HOLD], one.file).length > 0).map(({ key }) => key);
          for (const key of about.slice(0, 2)) archive.objects.get(key)!.held = true;
          const work = await archive.work({ timeLeft: () => (isHasty ? 0 : 1) });
          const found: string[] = [];
          let after: string | null = '';
          for (let pages = 0; after !== null; pages += 1) {
            expect(pages).toBeLessThanOrEqual(days.length + about.length + 1);
            const page = await heldFiles({ hold: HOLD, after, limit }, work);
            expect(page.files.length).toBeLessThanOrEqual(limit);
            for (const one of page.files) {
              expect(one.state).toBe(archive.objects.get(one.key)?.held ? 'held' : 'not held');
              found.push(one.key);
            }
            after = page.next === null ? null : placeOf(cursorOf(page.next));
          }
          expect(found.sort()).toEqual(about.sort());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says which files are gone', async () => {
    const archive = new FakeArchive();
    const span = { earliest: `${day(9)}T01:00:00.000Z`, latest: `${day(9)}T02:00:00.000Z` };
    const [gone = ''] = archive.seal(day(9), [{ tenant: 'main', ...span }]);
    archive.objects.delete(gone);
    const { files, next } = await heldFiles({ hold: HOLD, after: '', limit: 10 }, await archive.work());
    expect([files, next]).toMatchObject([[{ key: gone, day: day(9), state: 'gone' }], null]);
  });

  it('fails where a digest can not be read, rather than leaving out its files', async () => {
    const archive = new FakeArchive();
    archive.seal(day(9), []);
    archive.put(`digests/${day(9)}.json`, Buffer.from('{}'));
    await expect(heldFiles({ hold: HOLD, after: '', limit: 10 }, await archive.work())).rejects.toThrow();
  });
});

describe('a cursor', () => {
  it('stands for a place, and anything else for none', () => {
    const places = fc
      .tuple(fc.integer({ min: 1, max: 28 }), fc.stringMatching(/^archive\/[a-z0-9=/.-]{1,40}$|^~$/))
      .map(([at, key]) => `${day(at)} ${key}`);
    fc.assert(
      fc.property(places, (place) => {
        expect(placeOf(cursorOf(place))).toBe(place);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }).map(cursorOf)), (text) => {
        try {
          expect(placeOf(text)).toMatch(/^\d{4}-\d{2}-\d{2} /);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
        }
      }),
    );
  });
});
