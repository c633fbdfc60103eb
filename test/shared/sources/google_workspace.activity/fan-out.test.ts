import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/google_workspace.activity/normalize.ts';
import { activity, event } from './activities.ts';

describe('an activity of several events', () => {
  const raw = activity('drive', [
    event('edit', { doc_id: 'a', primary_event: true }),
    event('change_user_access', { doc_id: 'a', target_user: 'bo@example.com' }),
    event('edit', { doc_id: 'b', primary_event: false }),
  ]);
  const id = 'drive/C01example/2031-05-06T10:20:30.125Z/-7015033223676593170';

  test('is that many events, each with its own facts and id, and all of it', () => {
    expect(normalize(raw)).toMatchObject([
      { facts: { action: 'edit', targets: [{ id: 'a' }] }, vendorId: `${id}/edit#0` },
      {
        facts: { action: 'change_user_access', targets: [{ email: 'bo@example.com' }, { id: 'a' }] },
        vendorId: `${id}/change_user_access#0`,
      },
      { facts: { action: 'edit', targets: [{ id: 'b' }] }, vendorId: `${id}/edit#1` },
    ]);
    for (const mapped of normalize(raw)) {
      expect(mapped.raw).toEqual(raw);
      expect(mapped.time).toBe('2031-05-06T10:20:30.125Z');
    }
  });

  test('has the same ids when events of other names change places', () => {
    const [first, second, third] = raw['events'] as never[];
    const ids = (events: never[]) =>
      normalize({ ...raw, events })
        .map(({ vendorId }) => vendorId)
        .toSorted();
    expect(ids([second, first, third] as never[])).toEqual(ids([first, second, third] as never[]));
  });

  test.each(['time', 'applicationName', 'customerId', 'uniqueQualifier'])('has other ids with another %s', (key) => {
    const id = raw['id'] as Record<string, string>;
    const [mapped] = normalize({ ...raw, id: { ...id, [key]: '7' } });
    expect(mapped?.vendorId).not.toBe(normalize(raw)[0]?.vendorId);
  });

  test('keeps a qualifier beyond 2^53 digit by digit, also as a number', () => {
    const parsed = parseJson(JSON.stringify(raw).replace('"-7015033223676593170"', '-7015033223676593170'));
    expect(normalize(parsed as never)[0]?.vendorId).toBe(`${id}/edit#0`);
  });

  test.each(['time', 'uniqueQualifier'])('has no ids without %s', (key) => {
    const { [key]: _, ...id } = raw['id'] as Record<string, string>;
    expect(normalize({ ...raw, id }).map(({ vendorId }) => vendorId)).toEqual([undefined, undefined, undefined]);
  });
});

describe('twin events of one change', () => {
  const given = { group_id: 'field@example.com', member_id: 'bo@example.com' };
  const actions = (...events: Parameters<typeof event>[]) =>
    normalize(
      activity(
        'groups_enterprise',
        events.map((args) => event(...args)),
      ),
    ).map(({ facts }) => facts.action);

  test('are counted once, in any order', () => {
    expect(actions(['remove_user', given], ['remove_member', given])).toEqual(['remove_member']);
    expect(actions(['add_member', given], ['add_user', given])).toEqual(['add_member']);
    const reversed = Object.fromEntries(Object.entries(given).reverse());
    expect(actions(['remove_user', given], ['remove_member', reversed])).toEqual(['remove_member']);
  });

  test('are two when they are about different members', () => {
    expect(actions(['remove_user', given], ['remove_member', { ...given, member_id: 'cam@example.com' }])).toHaveLength(
      2,
    );
  });

  test('stay when they come alone', () => {
    expect(actions(['remove_user', given])).toEqual(['remove_user']);
  });
});

describe('other shapes', () => {
  test.each([['event'], ['events']])('a single event under %s', (key) => {
    const { events: _, ...rest } = activity('admin', []);
    const raw = { ...rest, [key]: event('CREATE_USER', { USER_EMAIL: 'bo@example.com' }) };
    expect(normalize(raw)).toMatchObject([{ facts: { type: 'create_user', action: 'CREATE_USER' }, raw }]);
  });

  test.each([[[]], [null], ['edit'], [[null, 7]]])('no event that can be read: %j', (events) => {
    expect(normalize({ ...activity('drive', []), events })).toMatchObject([
      { facts: { type: null, action: 'unknown' } },
    ]);
  });
});
