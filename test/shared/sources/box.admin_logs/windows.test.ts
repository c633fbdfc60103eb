import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeBox, fakeBoxThat } from '../../../../infra/local/vendors/box.admin_logs.ts';
import type { PageRequest } from '../../../../shared/polling/poller.ts';
import { ago, answering, connect, DAY, eventsReply, HOUR, MINUTE, NOW, readAll, SECOND } from './connected.ts';

const request: PageRequest = { stream: 'admin_logs', from: ago(2 * DAY), to: ago(DAY), done: new Set() };
const someEvents = [fakeBox.event(1, ago(30 * HOUR), 'admin_logs'), fakeBox.event(2, ago(29 * HOUR), 'admin_logs')];

/** Three before the window, seven in it, 40 after it. */
function fill({ world }: ReturnType<typeof connect>): void {
  const times = [
    ...[4, 3, 2].map((days) => ago(days * DAY + HOUR)),
    request.from,
    ...[20, 19, 18, 17, 16].map((hours) => ago(DAY + hours * HOUR)),
    new Date(request.to.getTime() - SECOND),
    ...Array.from({ length: 40 }, (_, index) => ago(DAY - HOUR - index * MINUTE)),
  ];
  for (const [n, at] of times.entries()) world.add(n, at);
}

describe.each(['ignored', 'honoured'] as const)('where dates with a position are %s', (datesWithPosition) => {
  const fake = fakeBoxThat({ datesWithPosition });

  test('a window is read whole, and not much more', async () => {
    const box = connect({ fake });
    box.world.pageSize = 3;
    fill(box);
    const { numbers, pages } = await readAll(box, request.from, request.to);
    expect(numbers).toEqual(expect.arrayContaining([3, 4, 5, 6, 7, 8, 9]));
    expect(numbers).not.toContain(0);
    expect(new Set(numbers).size).toBe(numbers.length);
    // Three with events of the window, and one that is empty or lies behind it.
    expect(pages).toBeLessThanOrEqual(5);
    expect(box.asked()).toHaveLength(pages);
  });

  test('a window without events takes one request', async () => {
    const box = connect({ fake });
    fill(box);
    expect(await readAll(box, ago(10 * DAY), ago(9 * DAY))).toEqual({ numbers: [], pages: 1 });
  });

  test('more events of one second than fit on a page', async () => {
    const box = connect({ fake });
    box.world.pageSize = 4;
    for (let n = 0; n < 11; n += 1) box.world.add(n, ago(30 * HOUR));
    const { numbers } = await readAll(box, request.from, request.to);
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('any history in pages of any size', async () => {
    const moments = fc.array(fc.integer({ min: 1, max: 4 * DAY }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(moments, fc.integer({ min: 1, max: 9 }), async (ages, pageSize) => {
        const box = connect({ fake });
        box.world.pageSize = pageSize;
        for (const [n, age] of ages.entries()) box.world.add(n, ago(age));
        const { numbers } = await readAll(box, request.from, request.to);
        const isInside = (age: number) => age > DAY && age <= 2 * DAY;
        expect(numbers).toEqual(expect.arrayContaining([...ages.keys()].filter((n) => isInside(ages[n]!))));
        expect(new Set(numbers).size).toBe(numbers.length);
      }),
      { numRuns: 40 },
    );
  });
});

test('an event that is indexed late is found by reading its window again', async () => {
  const box = connect();
  box.world.add(1, ago(30 * HOUR));
  box.world.add(2, ago(29 * HOUR), { arrives: new Date(NOW.getTime() + HOUR) });
  expect((await readAll(box, request.from, request.to)).numbers).toEqual([1]);
  box.world.advance(2 * HOUR);
  expect((await readAll(box, request.from, request.to)).numbers).toEqual([1, 2]);
});

test('asks the history for all types, with dates that Box understands and a second to spare', async () => {
  const box = connect();
  await box.collector.page({ ...request, from: new Date('2026-05-02T12:00:00.400Z') }, box.client);
  expect(box.asked()).toEqual([
    {
      stream_type: 'admin_logs',
      limit: '500',
      created_after: '2026-05-02T11:59:59-00:00',
      created_before: '2026-05-03T12:00:01-00:00',
    },
  ]);
});

test('asks for no more events than are wanted', async () => {
  const box = connect();
  fill(box);
  const { events } = await box.collector.page({ ...request, limit: 1 }, box.client);
  expect(events.map(fakeBox.numberOf)).toEqual([3]);
  await box.collector.page({ ...request, limit: 10_000 }, box.client);
  expect(box.asked().map(({ limit }) => limit)).toEqual(['1', '500']);
});

test('a page that is shorter than asked for is not the end', async () => {
  const box = connect({ instead: answering(eventsReply('"8"', someEvents), eventsReply('"9"', someEvents.slice(1))) });
  const page = await box.collector.page(request, box.client);
  expect(page.next).toBe('8');
});

test('events without a position to go on from fail, as the window would seem complete', async () => {
  for (const position of [undefined, '0', '"0"', 'null', '""']) {
    const box = connect({ instead: answering(eventsReply(position, someEvents)) });
    await expect(box.collector.page(request, box.client), String(position)).rejects.toMatchObject({
      code: 'vendor_unavailable',
    });
  }
});

test('a position that comes again is handed on, for the engine to stop at', async () => {
  const box = connect({ instead: answering(eventsReply('"8"', someEvents)) });
  const first = await box.collector.page(request, box.client);
  const second = await box.collector.page({ ...request, cursor: '8' }, box.client);
  expect([first.next, second.next]).toEqual(['8', '8']);
});

test('a page that lies behind the window in part is not the end', async () => {
  const behind = fakeBox.event(3, ago(HOUR), 'admin_logs');
  const box = connect({ instead: answering(eventsReply('"8"', [behind, ...someEvents])) });
  expect((await box.collector.page(request, box.client)).next).toBe('8');
});

test('events without a time end nothing', async () => {
  const { created_at: _, ...timeless } = fakeBox.event(1, NOW, 'admin_logs');
  const box = connect({ instead: answering(eventsReply('"8"', [timeless])) });
  expect((await box.collector.page(request, box.client)).next).toBe('8');
});

test('a position that Box does not take has expired; other refusals have not', async () => {
  const box = connect();
  await expect(box.collector.page({ ...request, cursor: '1.15e18' }, box.client)).rejects.toMatchObject({
    code: 'cursor_expired',
  });
  const other = connect({ instead: answering({ status: 400, body: { type: 'error', code: 'bad_request' } }) });
  await expect(other.collector.page({ ...request, cursor: '8' }, other.client)).rejects.toMatchObject({
    code: 'vendor_refused',
  });
});

test.each([
  ['no entries', '{"chunk_size":0,"next_stream_position":"8"}'],
  ['an entry that is no object', '{"next_stream_position":"8","entries":[7]}'],
  ['no JSON', '<html>'],
])('a reply with %s may pass', async (_, body) => {
  const box = connect({ instead: answering({ status: 200, headers: { 'content-type': 'text/html' }, body }) });
  await expect(box.collector.page(request, box.client)).rejects.toMatchObject({ code: 'vendor_unavailable' });
});
