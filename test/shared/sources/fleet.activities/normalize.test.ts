import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/fleet.activities/normalize.ts';
import { fleetActivities } from '../../../../shared/sources/fleet.activities/source.ts';
import { activity, host, INES, ines, mapped, type Row } from './activities.ts';
import { access } from './rows/access.ts';
import { integrations } from './rows/integrations.ts';
import { inventory } from './rows/inventory.ts';
import { settings } from './rows/settings.ts';

const rows: readonly Row[] = [...access, ...settings, ...inventory, ...integrations];

describe('activity types', () => {
  test.each(rows.map((row) => [row[0], row] as const))(
    '%s',
    (_, [action, details, type, targets, changes = [], rest = {}]) => {
      const event = mapped(activity(action, details));
      expect(event.facts).toEqual({ type, action, outcome: 'success', actor: INES, targets, changes, ...rest });
      expect(event).toMatchObject({ vendorId: '4101', time: '2025-04-03T10:14:07Z' });
    },
  );

  test('all that are documented have a row here, with the type that the table gives', () => {
    expect([...new Set(rows.map(([action]) => action))].toSorted()).toEqual(
      Object.keys(fleetActivities.actions).toSorted(),
    );
    expect(Object.keys(fleetActivities.actions)).toHaveLength(158);
  });

  test('the types of the source are those of its rows', () => {
    expect(new Set(rows.map(([, , type]) => type).filter((type) => type !== null))).toEqual(
      new Set(fleetActivities.types),
    );
  });
});

describe('the actor', () => {
  const actorOf = (action: string, actor: object, details = {}) =>
    mapped({ type: action, details, ...actor } as never).facts.actor;

  test.each([
    ['a user', { ...ines, actor_api_only: false, fleet_initiated: false }, INES],
    [
      'a deleted user, whose name is left',
      { actor_id: null, actor_full_name: 'Ines Calder' },
      { name: 'Ines Calder', type: 'user' },
    ],
    ['an API-only user', { ...ines, actor_api_only: true }, { ...INES, type: 'service', role: 'api_only' }],
    [
      'the server',
      { actor_full_name: 'Fleet', actor_email: '', fleet_initiated: true },
      { name: 'Fleet', type: 'system' },
    ],
    ['the server, in the webhook', { actor_full_name: 'Fleet', actor_id: null }, { name: 'Fleet', type: 'system' }],
    ['a user who is called Fleet', { actor_full_name: 'Fleet', actor_id: 7 }, { id: '7', name: 'Fleet', type: 'user' }],
    ['nobody who is left', { actor_id: null, actor_full_name: null }, { type: 'unknown' }],
  ])('is %s', (_, actor, expected) => {
    expect(actorOf('edited_policy', actor)).toEqual(expected);
  });

  test('of a failed log-in is who was typed in', () => {
    expect(actorOf('user_failed_login', {}, { email: 'otto.brandt@example.com' })).toEqual({
      email: 'otto.brandt@example.com',
      type: 'user',
    });
    expect(actorOf('user_failed_login', {})).toEqual({ type: 'anonymous' });
  });

  test.each(['mdm_enrolled', 'mdm_unenrolled', 'fleet_enrolled', 'escrowed_disk_encryption_key', 'failed_wipe'])(
    'of %s, which hosts report, is the system',
    (action) => expect(actorOf(action, {})).toEqual({ type: 'system' }),
  );

  test('of a host that expired is the system, and of another deletion unknown', () => {
    expect(actorOf('deleted_host', {}, { triggered_by: 'expiration' })).toEqual({ type: 'system' });
    expect(actorOf('deleted_host', {}, { triggered_by: 'manual' })).toEqual({ type: 'unknown' });
  });

  test('of self-service is a user without a name', () => {
    expect(actorOf('installed_software', {}, { self_service: true })).toEqual({ type: 'user' });
    expect(actorOf('uninstalled_software', {}, { self_service: true })).toEqual({ type: 'user' });
    expect(actorOf('installed_software', {}, { self_service: false })).toEqual({ type: 'system' });
  });
});

describe('what the vendor says of the event itself', () => {
  test('the webhook has its time elsewhere and no id', () => {
    const event = mapped({ timestamp: '2025-04-03T10:14:07.123456789Z', ...ines, type: 'wiped_host', details: host });
    expect(event).toMatchObject({ time: '2025-04-03T10:14:07.123456789Z', vendorId: undefined });
  });

  test('ids beyond 2^53 are kept digit by digit', () => {
    const raw = parseJson(
      '{"id":9007199254740993,"actor_id":9007199254740995,"type":"wiped_host","details":{"host_id":9007199254740997}}',
    );
    const event = mapped(raw as never);
    expect(event.vendorId).toBe('9007199254740993');
    expect(event.facts.actor.id).toBe('9007199254740995');
    expect(event.facts.targets).toEqual([{ type: 'device', id: '9007199254740997' }]);
  });

  test.each([
    ['203.0.113.24:8443', '203.0.113.24'],
    ['2001:db8::24', '2001:db8::24'],
    ['::ffff:203.0.113.24', '203.0.113.24'],
    ['somewhere', undefined],
  ])('the address %s is %s', (given, ip) => {
    expect(mapped(activity('user_logged_in', { public_ip: given })).facts.ip).toBe(ip);
  });
});

describe('webhook addresses', () => {
  test.each([
    ['https://hooks.example.com/services/T0/B0/token', 'https://hooks.example.com/[redacted by Annals]'],
    ['https://jane:pw@hooks.example.com/', 'https://hooks.example.com/[redacted by Annals]'],
    ['https://hooks.example.com:8443/?token=1', 'https://hooks.example.com:8443/[redacted by Annals]'],
    ['not an address', '[redacted by Annals]'],
    ['token:abc', '[redacted by Annals]'],
  ])('%s is cut', (webhook_url, cut) => {
    const raw = activity('edited_activity_automations', { webhook_url, other: 1 });
    const event = mapped(raw);
    expect(event).toMatchObject({ redacted: true, raw: { id: 4101, details: { webhook_url: cut, other: 1 } } });
    expect(event.facts.changes).toEqual([{ attribute: 'webhook_url', new: cut }]);
    expect(raw).toMatchObject({ details: { webhook_url } });
    expect(normalize(event.raw)[0]?.facts).toEqual(event.facts);
  });

  test.each(['https://hooks.example.com', 'https://hooks.example.com/', ''])('%j has nothing to cut', (webhook_url) => {
    const raw = activity('edited_activity_automations', { webhook_url });
    const event = mapped(raw);
    expect(event.redacted).toBe(false);
    expect(event.raw).toBe(raw);
  });
});
