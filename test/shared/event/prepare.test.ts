import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareContent, type EventInput, type Provenance, prepareEvents } from '../../../shared/event/prepare.ts';
import { CanonicalEvent } from '../../../shared/event/schema.ts';
import type { JsonObject } from '../../../shared/json.ts';

const where: Provenance = {
  tenant: 'main',
  connection: 'gh',
  source: 'github.webhook',
  product: 'github',
  origin: 'github.com',
  tier: 'indefinite',
  receivedAt: '2026-06-01T00:00:00.000Z',
};
const facts = {
  type: 'account_login',
  action: 'login',
  outcome: 'success',
  actor: { type: 'user', id: 'u' },
  targets: [],
  changes: [],
} as const;
const input = (more: Partial<EventInput> = {}): EventInput => ({
  facts: { ...facts, targets: [], changes: [] },
  raw: { a: 1 },
  ...more,
});

describe('prepareEvents', () => {
  it('makes complete canonical events', () => {
    const [one] = prepareEvents([input({ time: '2026-05-01T12:00:00+02:00', vendorId: 'v1' })], where);
    expect(CanonicalEvent.safeParse(one?.event).error).toBeUndefined();
    expect(one?.event).toMatchObject({ time: '2026-05-01T10:00:00.000Z', category: 'authentication', tenant: 'main' });
    expect(one?.claim).toBeUndefined();
  });

  it('gives the same id again, whatever the connection, the order of keys and the time of receipt', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (raw) => {
        const time = '2026-05-01T10:00:00Z';
        const reversed = Object.fromEntries(Object.entries(raw).reverse());
        const [a] = prepareEvents([input({ time, raw: raw as JsonObject })], where);
        const again = { ...where, connection: 'made-again', receivedAt: '2026-07-01T00:00:00.000Z' };
        const [b] = prepareEvents([input({ time, raw: reversed as JsonObject })], again);
        expect(b?.event.id).toBe(a?.event.id);
        expect(b?.contentHash).toBe(a?.contentHash);
      }),
    );
  });

  it('counts identical events of one batch as several, when the vendor gives no id', () => {
    const time = '2026-05-01T10:00:00Z';
    const ids = prepareEvents([input({ time }), input({ time }), input({ time, raw: { a: 2 } })], where).map(
      ({ event }) => event.id,
    );
    expect(new Set(ids).size).toBe(3);
    expect(prepareEvents([input({ time }), input({ time })], where).map(({ event }) => event.id)).toEqual(
      ids.slice(0, 2),
    );
  });

  it('tells events by their content, where the vendor tells them in several ways', () => {
    const time = '2026-05-01T10:00:00Z';
    const telling = (a: number, content: string) => input({ time, raw: { a }, content });
    const [one, other, second, else_] = prepareEvents(
      [telling(1, 'c'), telling(2, 'd'), telling(3, 'c'), input({ time, raw: { a: 1 } })],
      where,
    );
    const [retold] = prepareEvents([telling(4, 'c')], where);
    expect(retold?.event.id).toBe(one?.event.id);
    expect(new Set([one, other, second, else_].map((each) => each?.event.id)).size).toBe(4);
    const compared = [one, retold, second, other, else_].map((each) =>
      compareContent(one?.contentHash ?? '', each?.contentHash ?? ''),
    );
    expect(compared).toEqual(['same', 'retold', 'retold', 'other', 'other']);
  });

  it.each([
    ['1969-12-31T23:59:59Z', ['time_replaced']],
    ['2026-06-02T00:00:00Z', ['time_replaced']],
    ['nonsense', ['time_replaced']],
    [undefined, undefined],
  ])('takes the time of receipt in place of %s', (time, flags) => {
    const [one] = prepareEvents([input({ time, vendorId: 'v' })], where);
    expect(one).toMatchObject({ claim: 'settle', event: { time: where.receivedAt } });
    expect(one?.event.flags).toEqual(flags);
  });

  it('insists on a time that the sender vouches for', () => {
    const [one] = prepareEvents([input({ time: '2026-05-01T10:00:00Z', vendorId: 'own', insist: true })], where);
    expect(one?.claim).toBe('insist');
  });
});
