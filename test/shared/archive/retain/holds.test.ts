import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hold, heldBy } from '../../../../shared/archive/hold.ts';
import { applyHolds } from '../../../../shared/archive/retain/holds.ts';
import { FakeArchive, type TestFile } from './fake-archive.ts';

const NOW = new Date('2026-11-20T10:00:00Z');
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}`;
const time = (n: number) => `${day(n)}T12:00:00.000Z`;
const RAWS = ['b', 'c', 'd'].map((one) => one.repeat(64));

function hold(id: string, from: number, to: number, more: Partial<Hold> = {}): Hold {
  const made = { by: 'k', at: hoursAgo(48) };
  return { id, tenant: 'main', from: time(from), to: time(to), reason: 'r', made, ...more };
}
const release = (one: Hold, at = hoursAgo(30)): Hold => ({ ...one, released: { by: 'k', at } });

const file = fc
  .record({
    tenant: fc.constantFrom('main', 'acme'),
    span: fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 0, max: 3 })),
    raws: fc.subarray(RAWS),
  })
  .map(({ tenant, span: [from, length], raws }): TestFile => {
    const latest = time(Math.min(28, from + length));
    return { tenant, earliest: time(from), latest, ...(raws.length > 0 && { raws }) };
  });
const holds = fc.array(
  fc
    .record({
      tenant: fc.constantFrom('main', 'acme'),
      span: fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 9 })),
      isReleased: fc.boolean(),
    })
    .map(({ tenant, span: [from, length], isReleased }) => {
      const one = hold('x', from, Math.min(29, from + length), { tenant });
      return isReleased ? release(one) : one;
    }),
  { maxLength: 4 },
);

/** What lies under hold when all is done. */
function expected(archive: readonly { key: string; file: TestFile }[], given: readonly Hold[]): string[] {
  const held = archive.filter(({ file: one }) => heldBy(given, one).length > 0);
  const raws = held.flatMap(({ file: { raws: named = [] } }) => named.map((sha256) => `raw/${sha256}`));
  return [...new Set([...held.map(({ key }) => key), ...raws])].sort();
}

describe('applyHolds', () => {
  it('ends with exactly what active holds cover, wherever runs before it were broken off', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(file, { maxLength: 4 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.record({ holds, failing: fc.integer({ min: 0, max: 12 }), steps: fc.nat(12) }), { maxLength: 4 }),
        holds,
        async (days, before, last) => {
          const archive = new FakeArchive();
          const sealed = days.flatMap((files, index) =>
            archive.seal(day(index + 1), files).map((key, at) => ({ key, file: files[at]! })),
          );
          const given = before.map((one) => one.holds.map((each, index) => ({ ...each, id: `${index}` })));
          for (const [index, { failing, steps }] of before.entries()) {
            let [changes, looks] = [0, 0];
            archive.onChange = () => {
              changes += 1;
              if (changes === failing) throw new Error('S3 is down');
            };
            const timeLeft = () => (looks++ < steps * 5 ? 1 : 0);
            await applyHolds(
              await archive.work({ now: NOW, timeLeft, onProblem: () => {} }),
              async () => given[index]!,
            );
          }
          archive.onChange = () => {};
          // Holds stay on record.
          const once = given.flat().map((one) => release({ ...one, id: 'before' }));
          const all = [...once, ...last];
          const report = await applyHolds(await archive.work({ now: NOW }), async () => all);
          expect(report.overdueHours).toBe(0);
          expect(archive.held().sort()).toEqual(expected(sealed, all));
          expect(await applyHolds(await archive.work({ now: NOW }), async () => all)).toEqual({
            held: 0,
            lifted: 0,
            overdueHours: 0,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('puts back what it lifted, if a hold was made meanwhile', async () => {
    const archive = new FakeArchive();
    const keys = archive.seal(day(1), [{ tenant: 'main', earliest: time(1), latest: time(1) }]);
    const first = hold('first', 1, 2);
    let all = [first];
    await applyHolds(await archive.work(), async () => all);
    expect(archive.held()).toEqual(keys);
    all = [release(first)];
    // Another run has seen the new hold, and found the file under hold still.
    archive.onChange = (call) => {
      if (call === 'lift') all = [...all, hold('second', 1, 2)];
    };
    expect(await applyHolds(await archive.work(), async () => all)).toMatchObject({ held: 1, lifted: 1 });
    expect(archive.held()).toEqual(keys);
  });

  it('lets alone what somebody else put under hold', async () => {
    const archive = new FakeArchive();
    const [, other = ''] = archive.seal(day(1), [
      { tenant: 'main', earliest: time(1), latest: time(1) },
      { tenant: 'main', earliest: time(9), latest: time(9) },
    ]);
    archive.objects.get(other)!.held = true;
    await applyHolds(await archive.work(), async () => [release(hold('one', 1, 2))]);
    expect(archive.held()).toEqual([other]);
  });

  it('takes no notice of a file that is gone', async () => {
    const archive = new FakeArchive();
    const [gone = '', there = ''] = archive.seal(day(1), [
      { tenant: 'main', earliest: time(1), latest: time(1), raws: [RAWS[0]!] },
      { tenant: 'main', earliest: time(1), latest: time(1) },
    ]);
    for (const key of [gone, `raw/${RAWS[0]}`]) archive.objects.delete(key);
    const report = await applyHolds(await archive.work(), async () => [hold('one', 1, 2)]);
    expect([report.overdueHours, archive.held()]).toEqual([0, [there]]);
  });

  it('says how long a change is overdue that could not be made', async () => {
    const archive = new FakeArchive();
    archive.seal(day(1), [{ tenant: 'main', earliest: time(1), latest: time(1) }]);
    archive.onChange = () => {
      throw new Error('S3 is down');
    };
    const problems: string[] = [];
    const work = await archive.work({ now: NOW, onProblem: (key) => problems.push(key) });
    expect(await applyHolds(work, async () => [hold('one', 1, 2)])).toMatchObject({ overdueHours: 48 });
    archive.objects.get(problems[0]!)!.held = true;
    const released = [release(hold('one', 1, 2))];
    expect(await applyHolds(work, async () => released)).toMatchObject({ overdueHours: 30 });
  });

  it('counts a file that was sealed after its hold was made from its sealing', async () => {
    const archive = new FakeArchive();
    archive.seal(day(1), [{ tenant: 'main', earliest: time(1), latest: time(1) }], undefined, hoursAgo(2));
    archive.onChange = () => {
      throw new Error('S3 is down');
    };
    const work = await archive.work({ now: NOW, onProblem: () => {} });
    expect(await applyHolds(work, async () => [hold('one', 1, 2)])).toMatchObject({ overdueHours: 2 });
  });

  it('holds what it can when a digest can not be read, and lifts no raw that another file may need', async () => {
    const archive = new FakeArchive();
    const needs = { tenant: 'main', raws: [RAWS[0]!] };
    archive.seal(day(1), [{ ...needs, earliest: time(1), latest: time(1) }]);
    archive.seal(day(2), [{ ...needs, earliest: time(5), latest: time(5) }]);
    const [one, two] = [hold('one', 1, 2), hold('two', 5, 6)];
    await applyHolds(await archive.work(), async () => [one, two]);
    archive.objects.set(`digests/${day(2)}.json`, { bytes: Buffer.from('{}'), lock: undefined, held: false });
    const problems: string[] = [];
    const work = await archive.work({ now: NOW, onProblem: (key) => problems.push(key) });
    const report = await applyHolds(work, async () => [release(one), two]);
    expect(problems).toEqual([`digests/${day(2)}.json`]);
    expect(report.overdueHours).toBe(48);
    expect(archive.held().sort()).toEqual([`archive/event_date=${day(5)}/main/${day(2)}-1.parquet`, `raw/${RAWS[0]}`]);
  });
});
