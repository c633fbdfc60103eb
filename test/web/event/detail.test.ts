import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../shared/json.ts';
import { namesOf } from '../../../web/entity/names.ts';
import { entityKey } from '../../../web/entity/route.ts';
import { asCurl, asJson, asSql } from '../../../web/event/copies.ts';
import { factsOf } from '../../../web/event/facts.ts';
import { findJson, leafText } from '../../../web/event/find-json.ts';
import { around, neighboursOf } from '../../../web/event/neighbours.ts';
import { anyEvent, eventOf } from '../support.ts';

describe('copies', () => {
  const event = eventOf({ source: "custom.o'neill" });

  test('JSON is the event', () => {
    expect(JSON.parse(asJson(event))).toEqual(event);
  });

  test('integers that a number can not hold stay as they are', () => {
    const raw = parseJson('{"id":12345678901234567890}') as Record<string, never>;
    expect(asJson(eventOf({ raw }))).toContain('12345678901234567890');
    expect(findJson(raw, '12345678901234567890', 9)).toEqual([{ path: 'id', value: '12345678901234567890' }]);
  });

  test('curl names the key and does not hold it', () => {
    expect(asCurl(event, 'https://annals.example')).toBe(
      `curl -sS 'https://annals.example/v1/events/${event.id}' -H "authorization: Bearer $ANNALS_KEY"`,
    );
  });

  test('SQL quotes what vendors wrote', () => {
    expect(asSql(event)).toBe(
      `select * from events where event_date = '${event.time.slice(0, 10)}' and tenant = 'main' and source = 'custom.o''neill' and id = '${event.id}'`,
    );
  });
});

describe('the raw event is searched', () => {
  const raw = { actor: { ids: ['a1', 'B2'], name: 'Jo' }, note: '' };
  test.each([
    ['b2', [{ path: 'actor.ids[1]', value: 'B2' }]],
    ['NAME', [{ path: 'actor.name', value: 'Jo' }]],
    ['ids', [{ path: 'actor.ids', value: '[2]' }]],
    ['nothing', []],
  ])('for %s', (text, found) => {
    expect(findJson(raw, text, 9)).toEqual(found);
  });

  test('no further than asked for', () => {
    expect(
      findJson(
        Array.from({ length: 50 }, () => 'x'),
        'x',
        7,
      ),
    ).toHaveLength(7);
  });

  test('however deep it is', () => {
    let deep: Record<string, never> | object = { needle: 1 };
    for (let level = 0; level < 50_000; level++) deep = { a: deep };
    expect(findJson(deep as never, 'needle', 1)).toHaveLength(1);
  });

  test('any text in any JSON that has it as a value is found', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string({ minLength: 1 }), (json, text) => {
        expect(findJson({ json, text } as never, text, 1_000).map(({ value }) => value)).toContain(text);
      }),
    );
  });

  test('values without members as text', () => {
    expect([null, true, 1.5, '', 'x'].map(leafText)).toEqual(['null', 'true', '1.5', '""', 'x']);
  });
});

describe('facts', () => {
  test('every canonical value is told', () => {
    const event = eventOf({
      ip: '::1',
      userAgent: 'UA',
      session: 's-1',
      location: { city: 'Leeds', region: 'Yorks', country: 'GB', asn: 'AS1' },
      device: { id: 'd1', name: 'lap', type: 'laptop', os: 'macOS' },
      credential: { id: 'c1', name: 'key', type: 'token' },
      identityProvider: 'idp',
      mfa: { method: 'push', flagged: true, enrollment: 'e1' },
      reason: 'why',
      flags: ['redacted'],
      targets: [{ type: 'file', name: 'f', id: 'i' }],
    });
    const told = factsOf(event).flatMap(({ facts }) => facts.map(({ value }) => value));
    for (const value of [
      '::1',
      'UA',
      's-1',
      'Leeds',
      'Yorks',
      'GB',
      'AS1',
      'd1',
      'lap',
      'laptop',
      'macOS',
      'c1',
      'key',
    ]) {
      expect(told).toContain(value);
    }
    for (const value of ['token', 'idp', 'push', 'yes', 'e1', 'why', 'f', 'i', 'file', 'jane@example.com', '365d']) {
      expect(told).toContain(value);
    }
  });

  test('groups have names of their own, and none is empty', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const groups = factsOf(event);
        expect(new Set(groups.map(({ title }) => title)).size).toBe(groups.length);
        for (const { facts } of groups) expect(facts.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('neighbours', () => {
  test('session, actor and target, the closest first', () => {
    const event = eventOf({
      session: 's',
      targets: [
        { type: 'organization', name: 'o' },
        { type: 'file', id: 'f' },
      ],
    });
    expect(neighboursOf(event).map(({ filter }) => filter)).toEqual([
      { session: ['s'] },
      { entity: 'user:jane@example.com' },
      { entity: 'file:f' },
    ]);
  });

  test('whoever did it to themselves is there once', () => {
    expect(neighboursOf(eventOf({ targets: [{ type: 'user', email: 'jane@example.com' }] }))).toHaveLength(1);
  });

  test('an hour to either side', () => {
    expect(around('2026-01-01T00:30:00.000Z')).toEqual({
      from: '2025-12-31T23:30:00.000Z',
      to: '2026-01-01T01:30:00.000Z',
    });
  });
});

describe('entities', () => {
  test.each([
    [{ type: 'user', name: 'Jo', email: 'jo@x', id: '1' }, 'user:jo@x'],
    [{ type: 'unknown', id: '1' }, '1'],
    [{ type: 'Odd Kind!', name: 'n' }, 'n'],
    [{ type: 'file' }, null],
  ])('%j is looked up as %s', (entity, key) => {
    expect(entityKey(entity)).toBe(key);
  });

  test('an entity goes by every name that events give it', () => {
    const events = [
      eventOf({ actor: { type: 'user', email: 'Jo@x', name: 'Jo', id: '1', role: 'admin' } }),
      eventOf({ targets: [{ type: 'scim_user', email: 'jo@x', name: 'Jo Roe' }] }),
      eventOf({ actor: { type: 'user', name: 'Jo', email: 'jo@x' } }),
    ];
    expect(namesOf('user:jo@x', events)).toEqual({
      title: 'Jo',
      kinds: ['user', 'scim_user'],
      names: ['Jo', 'Jo Roe'],
      emails: ['jo@x', 'Jo@x'],
      ids: ['1'],
      roles: ['admin'],
    });
  });

  test('one that no event names goes by what was asked for', () => {
    expect(namesOf('user:jo@x', []).title).toBe('jo@x');
  });
});
