import { expect, test } from 'vitest';
import { parseCsv } from '../../../../shared/csv.ts';
import { compareContent } from '../../../../shared/event/prepare.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { acceptVendorEvents } from '../../../../shared/sources/accept.ts';
import { ardexaAuditLogs } from '../../../../shared/sources/ardexa.audit_logs/source.ts';
import { CASES } from './cases.ts';
import { rowOf } from './rows.ts';

const where = {
  tenant: 'main',
  connection: 'ardexa',
  origin: 'app.ardexa.com',
  tier: 'indefinite',
  receivedAt: '2026-03-02T08:16:00.000Z',
} as const;
const accepted = (raws: readonly JsonObject[]) => acceptVendorEvents(ardexaAuditLogs, raws, where).prepared;
const idsOf = (raws: readonly JsonObject[]) => accepted(raws).map(({ event }) => event.id);

/** Rows as the full CSV of a search has them: columns in capitals, whole objects as JSON, nothing for null. */
function exported(rows: readonly JsonObject[]): JsonObject[] {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const cell = (value: Json | undefined) =>
    `"${(typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value)).replaceAll('"', '""')}"`;
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join());
  return parseCsv(`\uFEFF${[columns.map((column) => column.toUpperCase()).join(), ...lines].join('\r\n')}\r\n`);
}

/** Rows as the API gives them, with null where a column is empty. */
const rows = CASES.map(({ row, more }) => rowOf(row, { comments: null, old_value: null, config: null, ...more }));
const secret = rowOf(['workgroup-setting', 'workgroup', 'update'], {
  new_value_full: { zone: 3, name: 'mail', password: 'fog-lamp-5f1c9d0e8b7a' },
  old_value: 7,
});

test('rows of the API and of an export are the same events', () => {
  const all = [...rows, secret, secret];
  expect(idsOf(exported(all))).toEqual(idsOf(all));
  expect(new Set(idsOf(all)).size).toBe(all.length);
  const byApi = accepted(all);
  for (const [index, { contentHash }] of accepted(exported(all)).entries()) {
    expect(compareContent(contentHash, byApi[index]?.contentHash ?? '')).not.toBe('other');
  }
});

test.each([
  '2025-05-06 10:20:30.123',
  '2025-05-06T10:20:30.123',
  '2025-05-06T12:20:30.123+02:00',
  '2025-05-06T10:20:30.123000Z',
  '1746526830123',
])('a time that is written as %s makes no other event', (event_time) => {
  expect(idsOf([{ ...secret, event_time }])).toEqual(idsOf([secret]));
});

test.each<[string, JsonObject]>([
  ['an instant', { event_time: '2025-05-06T10:20:30.123456Z' }],
  ['a value', { new_value: 'x' }],
  ['a device', { device: 'inverter-1' }],
  ['a configuration', { config: { port: 502 } }],
])('%s of its own makes another event', (_, more) => {
  expect(idsOf([{ ...secret, ...more }])).not.toEqual(idsOf([secret]));
});

test('objects that are no rows of the table are told by all that they hold', () => {
  expect(new Set(idsOf([{ a: 1 }, { a: 2 }, { action: 'login', a: 3 }, { action: 'login', a: 4 }])).size).toBe(4);
});
