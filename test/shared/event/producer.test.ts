import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProducerEvent } from '../../../shared/event/producer.ts';
import { EventFacts } from '../../../shared/event/schema.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const valid: JsonObject = { action: 'invoice.delete', actor: { id: 'u1' }, time: '2026-05-31T10:00:00Z' };
const read = (event: Json) => readProducerEvent(event, 'main', now);

describe('readProducerEvent', () => {
  it('fills in what a producer may leave out', () => {
    expect(read(valid)).toMatchObject({
      from: { source: 'custom', product: 'custom' },
      time: '2026-05-31T10:00:00.000Z',
      category: null,
      facts: { type: null, outcome: 'unknown', actor: { id: 'u1', type: 'user' }, targets: [], changes: [] },
    });
  });

  it('takes the product from the source, and the category from the type', () => {
    expect(read({ ...valid, source: 'custom.billing', type: 'account_login' })).toMatchObject({
      from: { source: 'custom.billing', product: 'billing' },
      category: 'authentication',
    });
  });

  it('writes changes of any kind as text', () => {
    const changes = [
      { attribute: 'limit', old: 5, new: null },
      { attribute: 'rule', old: { a: [1] }, new: 'x' },
    ];
    expect(read({ ...valid, changes })).toMatchObject({
      facts: {
        changes: [
          { attribute: 'limit', old: '5' },
          { attribute: 'rule', old: '{"a":[1]}', new: 'x' },
        ],
      },
    });
  });

  it.each<[string, JsonObject, string, RegExp]>([
    ['a missing action', { actor: { id: 'u' }, time: '2026-01-01T00:00:00Z' }, 'action', /required/],
    ['a time without a zone', { ...valid, time: '2026-01-01T00:00:00' }, 'time', /zone/],
    ['a time too far ahead', { ...valid, time: '2026-06-02T00:00:00Z' }, 'time', /24 hours/],
    ['a time before 1970', { ...valid, time: '1969-12-31T23:59:59Z' }, 'time', /1970/],
    ['an actor without a name', { ...valid, actor: { type: 'user' } }, 'actor', /id, a name or an email/],
    ["another tenant's name", { ...valid, tenant: 'other' }, 'tenant', /own tenant/],
    ["a vendor's source", { ...valid, source: 'github.audit' }, 'source', /custom/],
    [
      'a category that contradicts the type',
      { ...valid, type: 'account_login', category: 'authorization' },
      'category',
      /authentication/,
    ],
    ['an unknown field', { ...valid, colour: 'red' }, 'colour', /raw/],
    ['a field that Annals sets', { ...valid, receivedAt: '2026-01-01T00:00:00Z' }, 'receivedAt', /set by Annals/],
    ['an address with a port', { ...valid, ip: '203.0.113.7:443' }, 'ip', /port/],
    ['an unknown field deep inside', { ...valid, actor: { id: 'u', colour: 'red' } }, 'actor.colour', /raw/],
    [
      'a huge canonical part',
      { ...valid, targets: Array.from({ length: 40 }, () => ({ type: 'file', id: 'x'.repeat(8000) })) },
      '',
      /200 KiB/,
    ],
  ])('refuses %s', (_what, event, path, message) => {
    expect(read(event)).toContainEqual({ path, message: expect.stringMatching(message) });
  });

  it('names everything that is wrong at once', () => {
    const problems = read({ action: 7, time: 'soon', actor: 'jane', tier: '7d' });
    expect((problems as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'action',
      'actor',
      'tier',
      'time',
    ]);
  });

  it('gives valid facts or problems for any JSON, and never throws', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          action: fc.oneof(fc.string(), fc.jsonValue()),
          actor: fc.oneof(fc.record({ id: fc.string(), type: fc.constant('user') }), fc.jsonValue()),
          time: fc.oneof(
            fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
            fc.jsonValue(),
          ),
          changes: fc.jsonValue(),
          targets: fc.jsonValue(),
          raw: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const result = read(value as Json);
        if (Array.isArray(result)) expect(result.length).toBeGreaterThan(0);
        else expect(EventFacts.safeParse(result.facts).success).toBe(true);
      }),
    );
  });
});
