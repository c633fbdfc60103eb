import { describe, expect, test } from 'vitest';
import type { Target } from '../../../../shared/event/schema.ts';
import { parseTime } from '../../../../shared/event/time.ts';
import { type Json, type JsonObject, parseJson } from '../../../../shared/json.ts';
import { ardexaAuditLogs } from '../../../../shared/sources/ardexa.audit_logs/source.ts';
import { CASES } from './cases.ts';
import { DEVICE, INES, mapped, rowOf, WORKGROUP } from './rows.ts';

/** Controller, action and attribute of every user action that Ardexa documents, in its order. */
const DOCUMENTED = [
  ...['auth login', 'auth MFA login', 'auth Login'],
  ...['me Update record', 'me Request email change email', 'me Change password'],
  ...['workgroup-setting update', 'workgroup-setting create', 'workgroup-setting delete'],
  ...['lookupTable update', 'lookupTable create', 'lookupTable delete', 'Job bulk-run'],
  ...['device-group update', 'device-group create', 'device-group delete'],
  ...['org update permissions', 'org invite membership', 'org remove membership', 'org accept invite'],
  ...['storage delete object', 'externalSources delete record', 'externalSources create record'],
  ...['device update name', 'device create object', 'device remove object', 'device update certificate'],
  ...['websocket_device refresh_meta', 'device move workgroup.deviceId', 'websocket_device run_cmd'],
  ...['device send file', 'device get file', 'plugin install Modbus-Reader', 'plugin uninstall Modbus-Reader'],
  ...['websocket_device apply_config', 'device run discovery', 'remote_web start_session'],
  ...['websocket_device open_tunnel', 'websocket_device start_tunnel_session', 'websocket_device close_tunnel'],
  ...['state_change offline', 'state_change online', 'alert update', 'alert delete', 'alert create'],
  ...['search update name', 'search share record'],
];

describe('user actions', () => {
  test.each(CASES.map((one) => [one.what, one] as const))('%s', (what, one) => {
    const { row, more, type, targets = [], changes = [], rest = {} } = one;
    // Who joins, joins a group; a move has another workgroup to go to.
    const where: Target[] = [type === 'add_to_group' ? { ...WORKGROUP, type: 'group' } : WORKGROUP];
    if (what.startsWith('move')) where.push({ type: 'workgroup', id: 'wg-4712' });
    const { facts, time, vendorId } = mapped(rowOf(row, more));
    expect({ ...facts, time, vendorId }).toEqual({
      type,
      action: row[2],
      outcome: 'success',
      actor: INES,
      targets: [...targets, ...where],
      changes,
      time: '2025-05-06T10:20:30.123Z',
      vendorId: undefined,
      ...rest,
    });
  });

  test.each(CASES.map((one) => [one.what, one] as const))('%s, in other letters', (_, { row, more, type }) => {
    const [controller, entity, action, attribute] = row;
    const shout = (text: string) => text.toUpperCase();
    const loud = rowOf([shout(controller), shout(entity), shout(action), attribute && shout(attribute)], more);
    expect(mapped(loud).facts).toMatchObject({ type, action: shout(action) });
  });

  test.each(CASES.map((one) => [one.what, one] as const))(
    '%s, where the controller is something else and the thing is the entity',
    (_, { row: [controller, , action, attribute], more, type }) => {
      expect(mapped(rowOf(['gateway', controller, action, attribute], more)).facts.type).toBe(type);
    },
  );

  test('all that are documented are here', () => {
    const here = new Set(
      CASES.map(({ row: [controller, , action, attribute = ''] }) => `${controller} ${action} ${attribute}`.trim()),
    );
    expect(DOCUMENTED.filter((one) => !here.has(one))).toEqual([]);
    expect(new Set(CASES.map(({ row }) => row[2]))).toEqual(new Set(Object.keys(ardexaAuditLogs.actions)));
    expect(new Set(CASES.map(({ type }) => type).filter((type) => type !== null))).toEqual(
      new Set(ardexaAuditLogs.types),
    );
  });
});

describe('things and actions that are not documented', () => {
  test.each([
    [['', '', 'login'], 'account_login'],
    [['', '', 'update'], 'update_resource'],
    [['dashboard', '', 'share', 'record'], 'add_permission'],
    [['', 'table', 'delete', 'object'], 'delete_resource'],
    [['', 'index', 'delete', 'object'], 'delete_resource'],
    [['device', '', 'get', 'certificate'], 'download_resource'],
    [['device', '', 'start_feed', 'source'], 'update_resource'],
    [['device', '', 'stopAll_feed'], 'update_resource'],
    [['user', '', 'update', 'phone'], 'update_user'],
    [['org', '', 'update', 'name'], 'update_group'],
    [['networkConfig', '', 'update'], 'update_security_configuration'],
    [['notificationPlugin', '', 'delete'], 'delete_integration'],
    [['report', '', 'export'], 'download_resource'],
    [['report', '', 'stop_tunnel'], null],
    [['report', '', 'run_script'], 'update_resource'],
    [['device', '', 'close_tunnel'], null],
    [['user', '', 'offline'], null],
    [['report', '', 'ponder'], null],
    [['constructor', '__proto__', 'hasOwnProperty'], null],
    [['report', '', ''], null],
  ] as const)('%j is %s', (row, type) => {
    expect(mapped(rowOf(row)).facts.type).toBe(type);
  });
});

describe('time', () => {
  test.each<[Json, string | undefined]>([
    ['2025-05-06T10:20:30Z', '2025-05-06T10:20:30.000Z'],
    ['2025-05-06T10:20:30.123456789+02:00', '2025-05-06T08:20:30.123Z'],
    ['2025-05-06T10:20:30', '2025-05-06T10:20:30.000Z'],
    ['2025-05-06T10:20:30.5', '2025-05-06T10:20:30.500Z'],
    ['2025-05-06T10:20', '2025-05-06T10:20:00.000Z'],
    [' 2025-05-06 10:20:30.123 ', '2025-05-06T10:20:30.123Z'],
    ['2025-05-06 10:20:30 UTC', '2025-05-06T10:20:30.000Z'],
    ['2025-05-06 10:20:30 +0200', '2025-05-06T08:20:30.000Z'],
    ['2025-05-06 10:20:30+02:00', '2025-05-06T08:20:30.000Z'],
    [1746526830, '2025-05-06T10:20:30.000Z'],
    ['1746526830.5', '2025-05-06T10:20:30.500Z'],
    [1746526830123, '2025-05-06T10:20:30.123Z'],
    ['1746526830123', '2025-05-06T10:20:30.123Z'],
    ['6 May 2025', undefined],
    ['2025-02-30T10:20:30', undefined],
  ])('%j is %s', (given, expected) => {
    const { time } = mapped(rowOf(['auth', 'user', 'login'], { event_time: given }));
    expect(parseTime(time ?? '')).toBe(expected);
    if (expected === undefined) expect(time).toContain(String(given));
  });

  test.each<[Json]>([[null], [''], [true], [[]], [{}]])('%j is none', (given) => {
    const { time } = mapped(rowOf(['auth', 'user', 'login'], { event_time: given }));
    expect(parseTime(time ?? '')).toBeUndefined();
  });
});

describe('outcome', () => {
  const outcomeOf = (row: Parameters<typeof rowOf>[0], more: JsonObject) => mapped(rowOf(row, more)).facts.outcome;
  const login = ['auth', 'user', 'login'] as const;

  test.each([
    ['success', 'success'],
    ['Success', 'success'],
    ['SUCCEEDED', 'success'],
    ['failure', 'failure'],
    ['Failed', 'failure'],
    ['denied', 'failure'],
    ['pending', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
    [{}, 'unknown'],
  ])('of status %j is %s', (status, outcome) => {
    expect(outcomeOf(login, { status })).toBe(outcome);
  });

  test('of a log-in without a status is what the row says besides', () => {
    expect(outcomeOf(login, { status: null, new_value: 'Invalid MFA code' })).toBe('failure');
    expect(outcomeOf(login, { status: null, comments: 'login failed' })).toBe('failure');
    expect(outcomeOf(login, { status: null, new_value: 'MFA send challenge' })).toBe('unknown');
    expect(outcomeOf(['device', 'device', 'update'], { status: null, new_value: 'invalid' })).toBe('unknown');
  });
});

describe('the actor', () => {
  const actorOf = (row: Parameters<typeof rowOf>[0], user_id: Json) => mapped(rowOf(row, { user_id })).facts.actor;

  test('is who has the id', () => {
    expect(actorOf(['device', 'device', 'update'], 'user-9')).toEqual({ id: 'user-9', type: 'user' });
    expect(actorOf(['device', 'device', 'update'], 9007199254740991)).toEqual({ id: '9007199254740991', type: 'user' });
  });

  test('beyond 2^53 keeps every digit', () => {
    const raw = parseJson('{"action":"move","user_id":9007199254740993,"entity_id":9007199254740995,"entity":"alert"}');
    const { facts } = mapped(raw as JsonObject);
    expect(facts.actor.id).toBe('9007199254740993');
    expect(facts.targets).toEqual([{ type: 'alert', id: '9007199254740995' }]);
  });

  test.each<[Json]>([[null], [''], [{}], [[]]])('%j is anonymous at a log-in and unknown elsewhere', (user) => {
    expect(actorOf(['auth', 'user', 'login'], user)).toEqual({ type: 'anonymous' });
    expect(actorOf(['device', 'device', 'update'], user)).toEqual({ type: 'unknown' });
  });
});

describe('columns', () => {
  const raw = rowOf(['device', 'device', 'update', 'name'], { device: 'inverter-1', old_value: '', new_value: 'new' });
  const renamed = (rename: (key: string) => string) =>
    Object.fromEntries(Object.entries(raw).map(([key, value]) => [rename(key), value]));

  test.each<[string, (key: string) => string]>([
    ['in capitals', (key) => key.toUpperCase()],
    ['as words', (key) => key.replaceAll('_', ' ')],
    ['after a byte order mark', (key) => `\ufeff${key} `],
  ])('%s are the same row', (_, rename) => {
    expect(mapped(renamed(rename))).toEqual(mapped(raw));
  });

  test('that are plain already leave the row the very one that came', () => {
    expect(mapped(raw).raw).toBe(raw);
  });

  test('of the same name in both spellings are both kept', () => {
    const both = { ...raw, ACTION: 'delete', 'Device ': 'x', DEVICE: 'y' };
    expect(mapped(both)).toMatchObject({
      raw: { action: 'update', ACTION: 'delete', device: 'inverter-1', DEVICE: 'y' },
    });
    expect(mapped({ Action: 'update', ACTION: 'delete' }).raw).toEqual({ action: 'update', ACTION: 'delete' });
  });

  test('are declared in either spelling', () => {
    for (const column of Object.keys(raw)) {
      expect(Object.keys(ardexaAuditLogs.fields)).toEqual(expect.arrayContaining([column, column.toUpperCase()]));
    }
  });

  test('that are empty, as in CSV, are no values', () => {
    expect(mapped(raw).facts.changes).toEqual([{ attribute: 'name', new: 'new' }]);
    const empty = { ...raw, old_value: '', new_value: '', config: '', old_value_full: '', comments: '', user_id: '' };
    expect(mapped(empty).facts).toMatchObject({
      changes: [],
      targets: [DEVICE, WORKGROUP],
      actor: { type: 'unknown' },
    });
  });
});

describe('changes', () => {
  const changesOf = (more: JsonObject, attribute?: string) =>
    mapped(rowOf(['alert', 'alert', 'update', attribute], more)).facts.changes;

  test('without an attribute are of the value', () => {
    expect(changesOf({ old_value: 1, new_value: { b: 1, a: 2 } })).toEqual([
      { attribute: 'value', old: '1', new: '{"a":2,"b":1}' },
    ]);
  });

  test('are told once where the whole objects have them too', () => {
    const more = {
      old_value: '1',
      new_value: '2',
      old_value_full: { limit: 1 },
      new_value_full: { limit: 2, unit: 'K' },
    };
    expect(changesOf(more, 'limit')).toEqual([
      { attribute: 'limit', old: '1', new: '2' },
      { attribute: 'unit', new: 'K' },
    ]);
  });

  test('between whole things that are no objects are of the object', () => {
    expect(changesOf({ old_value_full: 'on', new_value_full: '[1' })).toEqual([
      { attribute: 'object', old: 'on', new: '[1' },
    ]);
  });
});
