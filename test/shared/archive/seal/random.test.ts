import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Digest } from '../../../../shared/archive/digest.ts';
import { row, World } from './world.ts';

const DAYS = ['2026-02-27', '2026-02-28', '2026-03-01'];
const NUMBERS = fc.nat({ max: 11 });
/** An event is known by its number: tenant, source and time are always the same for one. A copy may be received later. */
const event = (number: number, copy: number) =>
  row({
    id: `E${String(number).padStart(2, '0')}`,
    tenant: ['acme', 'beta'][number % 2] ?? null,
    source: ['github.audit', 'duo.auth', null][number % 3] ?? null,
    time: `2026-0${2 + (number % 2)}-0${1 + (number % 9)} 10:00:00`,
    received_at: `2026-03-01 10:00:${10 + copy}`,
    raw: `${number}`,
  });
const object = fc.record({
  /** Of the partition it lies in. */
  day: fc.constantFrom(...DAYS),
  /** Days that it appears after its own was sealed. */
  late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 2 }) }),
  rows: fc.array(fc.tuple(NUMBERS, fc.nat({ max: 9 })), { maxLength: 8 }),
  damaged: fc.nat({ max: 5 }).map((chance) => chance === 0),
});
const atOnce = fc.integer({ min: 1, max: 3 });

it('every event of whatever lies in landing is in the archive once, and every row is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(object, { minLength: 1, maxLength: 6 }),
      atOnce,
      atOnce,
      async (objects, perPart, perStep) => {
        const world = await World.open();
        try {
          const digests: Digest[] = [];
          for (let sealed = 0; sealed <= DAYS.length + 2; sealed += 1) {
            for (const [index, { day, late, rows, damaged }] of objects.entries()) {
              if (DAYS.indexOf(day) + late !== sealed) continue;
              const name = `${day}/${index}`;
              if (damaged) world.landing.put(`landing/ingest_date=${name}`, Buffer.from('PAR1, not PAR1'));
              else
                await world.land(
                  name,
                  rows.map(([number, copy]) => event(number, copy)),
                );
            }
            const now = `2026-03-0${1 + sealed}T01:00:00Z`;
            digests.push(...(await world.seal(now, { limits: { bytes: 1e6, objects: perPart, files: perStep } })));
          }
          const good = objects.filter(({ damaged }) => !damaged).flatMap(({ rows }) => rows.map(([number]) => number));
          const ids = (await world.archived()).flat();
          expect(ids.toSorted()).toEqual([...new Set(good)].map((number) => event(number, 0)['id']).sort());
          expect(digests.map(({ day }) => day)).toEqual(digests.map(({ day }) => day).toSorted());
          const sum = (count: (digest: Digest) => number) =>
            digests.reduce((total, digest) => total + count(digest), 0);
          const rowsOf = (list: readonly { rows: number }[]) => list.reduce((total, { rows }) => total + rows, 0);
          expect(sum(({ landing }) => rowsOf(landing))).toBe(good.length);
          expect(sum(({ files, repeats, archivedBefore }) => rowsOf(files) + repeats + archivedBefore)).toBe(
            good.length,
          );
          expect(sum(({ unreadable }) => unreadable.length)).toBe(objects.filter(({ damaged }) => damaged).length);
          for (const { files } of digests)
            for (const { key, tenant, date } of files) {
              const [[tenants, dates, sorted] = []] = await world.query(
                [world.archive.bytes(key)],
                `list_distinct(list(tenant)), list_distinct(list(strftime(time, '%Y-%m-%d'))),
               list((coalesce(source, ''), time, id)) = list_sort(list((coalesce(source, ''), time, id)))`,
              );
              expect([tenants, dates, sorted]).toEqual([[tenant], [date], true]);
            }
        } finally {
          world.close();
        }
      },
    ),
    { numRuns: 8 },
  );
});
