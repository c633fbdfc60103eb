import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeBox } from '../../../../infra/local/vendors/box.admin_logs.ts';
import { ago, answering, connect, DAY, eventsReply, follow, HOUR, MINUTE, NOW, SECOND } from './connected.ts';

const someEvents = [fakeBox.event(1, NOW, 'admin_logs'), fakeBox.event(2, NOW, 'admin_logs')];
/** Seen at Box; JSON.parse makes 1152922976252290800 of it. */
const LARGE = '1152922976252290886';

test('begins at the newest position and follows what happens from there on, held back for 12 seconds', async () => {
  const box = connect();
  box.world.add(1, ago(HOUR));
  const start = await box.feed.start(box.client, 'admin_logs');
  box.world.add(3, new Date(NOW.getTime() + SECOND));
  box.world.advance(12 * SECOND);
  expect(await follow(box, start)).toEqual({ numbers: [], position: start });
  box.world.advance(SECOND);
  expect((await follow(box, start)).numbers).toEqual([3]);
  expect(box.asked()).toEqual([
    { stream_type: 'admin_logs_streaming', stream_position: 'now' },
    { stream_type: 'admin_logs_streaming', limit: '500', stream_position: start },
    { stream_type: 'admin_logs_streaming', limit: '500', stream_position: start },
    { stream_type: 'admin_logs_streaming', limit: '500', stream_position: expect.any(String) },
  ]);
});

test('nothing is lost, however late, out of order and often events come, and whenever it is asked', async () => {
  const event = fc.record({
    at: fc.integer({ min: 0, max: 10 * MINUTE }),
    late: fc.integer({ min: 0, max: 20 * MINUTE }),
  });
  const pauses = fc.array(fc.integer({ min: 1, max: 90 * SECOND }), { minLength: 1, maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 40 }),
      pauses,
      fc.integer({ min: 1, max: 7 }),
      async (events, waits, size) => {
        const box = connect();
        box.world.pageSize = size;
        for (const [n, { at, late }] of events.entries()) {
          const time = new Date(NOW.getTime() + at);
          box.world.add(n, time, { arrives: new Date(time.getTime() + late) });
        }
        let position = await box.feed.start(box.client, 'admin_logs');
        const found: number[] = [];
        for (const wait of [...waits, HOUR]) {
          box.world.advance(wait);
          const read = await follow(box, position);
          found.push(...read.numbers);
          position = read.position;
        }
        expect([...new Set(found)].sort((a, b) => a - b)).toEqual([...events.keys()]);
      },
    ),
    { numRuns: 60 },
  );
});

test('the feed repeats events, with the same id', async () => {
  const box = connect();
  const start = await box.feed.start(box.client, 'admin_logs');
  box.world.add(5, new Date(NOW.getTime() + SECOND));
  box.world.advance(MINUTE);
  expect((await follow(box, start)).numbers).toEqual([5, 5]);
});

describe('positions', () => {
  test('are kept digit by digit, sent as a string or a number', async () => {
    const digits = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String);
    await fc.assert(
      fc.asyncProperty(digits, fc.boolean(), async (position, asString) => {
        const inJson = asString ? `"${position}"` : position;
        const box = connect({ instead: answering(eventsReply(inJson, someEvents), eventsReply('0')) });
        const page = await box.feed.page('7', box.client, 'admin_logs');
        const { position: after } = await follow(box, JSON.parse(JSON.stringify(page.position)));
        expect([page.position, after]).toEqual([position, position]);
        expect(box.asked().at(-1)).toMatchObject({ stream_position: position });
      }),
      {
        numRuns: 60,
        examples: [
          [LARGE, true],
          [LARGE, false],
          ['30401068076164269', false],
        ],
      },
    );
  });

  test('that were rounded on their way are refused', async () => {
    for (const position of ['1.152922976252291e18', '1152922976252290886.0', '7.5', '-7', 'true', '{}', '["7"]']) {
      const box = connect({ instead: answering(eventsReply(position, someEvents)) });
      await expect(box.feed.page('7', box.client, 'admin_logs'), position).rejects.toMatchObject({
        code: 'vendor_unavailable',
      });
    }
  });

  test('are not taken from an empty page', async () => {
    for (const position of ['0', '"0"', '9', `"${LARGE}"`, 'null', undefined]) {
      const box = connect({ instead: answering(eventsReply(position)) });
      const page = await box.feed.page('7', box.client, 'admin_logs');
      expect(page, String(position)).toEqual({ events: [], position: '7', more: false });
    }
  });

  test('stay, and end the run, where Box gives the same again or the beginning', async () => {
    for (const position of ['7', '"7"', '0', '"0"', 'null', undefined]) {
      const box = connect({ instead: answering(eventsReply(position, someEvents)) });
      const page = await box.feed.page('7', box.client, 'admin_logs');
      expect(page, String(position)).toEqual({ events: someEvents, position: '7', more: false });
    }
  });

  test('go on after a page that is shorter than asked for', async () => {
    const box = connect({ instead: answering(eventsReply('8', someEvents)) });
    expect(await box.feed.page('7', box.client, 'admin_logs')).toMatchObject({ position: '8', more: true });
  });

  test('of an enterprise without events are the beginning', async () => {
    const box = connect({ instead: answering(eventsReply('0')) });
    expect(await box.feed.start(box.client, 'admin_logs')).toBe('0');
    const broken = connect({ instead: answering(eventsReply(undefined)) });
    await expect(broken.feed.start(broken.client, 'admin_logs')).rejects.toMatchObject({ code: 'vendor_unavailable' });
  });

  test('that Box does not take have expired', async () => {
    const box = connect();
    await expect(box.feed.page('1e18', box.client, 'admin_logs')).rejects.toMatchObject({ code: 'cursor_expired' });
  });

  test('are given up before the 14 days that the feed reaches back', async () => {
    const box = connect();
    const position = await box.feed.start(box.client, 'admin_logs');
    box.world.add(1, new Date(NOW.getTime() + MINUTE));
    box.world.add(2, new Date(NOW.getTime() + 3 * DAY));
    box.world.advance(15 * DAY);
    // Box says nothing of what is missing.
    expect((await follow(box, position)).numbers).toEqual([2]);
    expect(box.feed.positionKeepsSeconds).toBeLessThan((14 * DAY) / SECOND);
  });
});
