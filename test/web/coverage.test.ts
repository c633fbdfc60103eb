import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SOURCES } from '../../shared/sources/registry.ts';
import { categoryOf, EVENT_TYPES, type EventType } from '../../shared/taxonomy.ts';
import type { SourceSummary } from '../../web/api/types.ts';
import { blindSpotSentences, blindSpots, productName } from '../../web/coverage/blind-spots.ts';
import { stepTo } from '../../web/coverage/grid-keys.ts';
import { matrixOf } from '../../web/coverage/matrix.ts';
import { coverageRoute } from '../../web/coverage/route.ts';
import { byWeight, listWords, TYPE_WORDS } from '../../web/coverage/type-words.ts';
import type { SourceCoverage } from '../../web/coverage/types.ts';
import { cellHref, cellWords, countsOf, viewOf } from '../../web/coverage/view.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

function coverage(
  source: string,
  gives: readonly EventType[],
  seen: Partial<Record<EventType, string>> = {},
): SourceCoverage {
  return {
    source,
    types: EVENT_TYPES.map((type) => ({
      category: categoryOf(type)!,
      type,
      canGive: gives.includes(type),
      mapped: gives.includes(type),
      seen: seen[type] === undefined ? 0 : 7,
      lastSeen: seen[type] ?? null,
    })),
  };
}

function source(name: string, title: string, isConnected: boolean): SourceSummary {
  const connections = isConnected ? [{ id: `main.${name.replaceAll(/\W/g, '-')}`, name }] : [];
  return {
    name,
    product: name.split('.')[0]!,
    title,
    lag: '',
    tier: '365d',
    types: [],
    firstDay: null,
    lastDay: null,
    connections,
  };
}

const matrix = matrixOf(
  {
    sources: [
      coverage('github.audit', ['account_login', 'create_user', 'download_resource']),
      coverage('github.webhook', ['create_user'], { create_user: '2026-11-20' }),
      coverage('box.admin_logs', ['account_login', 'download_resource', 'delete_user'], {
        account_login: '2026-11-21',
        delete_user: '2026-08-01',
      }),
      coverage('custom.billing', EVENT_TYPES, { update_resource: '2026-11-22' }),
      coverage('duo.auth', ['mfa_verification']),
    ],
  },
  [
    source('github.audit', 'GitHub audit log', false),
    source('github.webhook', 'GitHub webhooks', true),
    source('box.admin_logs', 'Box enterprise events', true),
    { ...source('custom.billing', 'Events that applications send', false), product: 'billing' },
    source('duo.auth', 'Duo authentication', false),
  ],
  NOW,
);
const row = (name: string) => matrix.rows.find((one) => one.source === name)!;
const cell = (name: string, type: EventType) => row(name).cells.find((one) => one.type === type)!;

test('what is collected comes before what is not, applications between', () => {
  expect(matrix.rows.map((one) => [one.title, one.isCollected])).toEqual([
    ['Box enterprise events', true],
    ['GitHub webhooks', true],
    ['billing', true],
    ['Duo authentication', false],
    ['GitHub audit log', false],
  ]);
});

test.each([
  ['box.admin_logs', 'account_login', 'seen'],
  ['box.admin_logs', 'delete_user', 'stale'],
  ['box.admin_logs', 'download_resource', 'silent'],
  ['box.admin_logs', 'create_role', 'none'],
  ['github.audit', 'account_login', 'offered'],
  ['github.audit', 'create_role', 'none'],
  ['custom.billing', 'update_resource', 'seen'],
  ['custom.billing', 'create_role', 'open'],
] as const)('%s %s is %s', (name, type, state) => {
  expect(cell(name, type).state).toBe(state);
});

test('of all that is collected the best counts, and an application that might send something is no eye on it', () => {
  const whole = new Map(matrix.whole.map((one) => [one.type, one]));
  expect(whole.get('account_login')).toMatchObject({ state: 'seen', count: 7, last: '2026-11-21' });
  expect(whole.get('delete_user')?.state).toBe('stale');
  expect(whole.get('download_resource')?.state).toBe('silent');
  expect(whole.get('mfa_verification')?.state).toBe('none');
  expect(whole.get('create_role')?.state).toBe('none');
});

test('the day 30 days ago is lately, the one before is not', () => {
  const on = (day: string) =>
    matrixOf({ sources: [coverage('duo.auth', [], { account_login: day })] }, [], NOW).whole[0]?.state;
  expect([on('2026-10-23'), on('2026-10-22')]).toEqual(['seen', 'stale']);
});

test('blind spots by kind', () => {
  const { dark, silent, stopped, offered } = blindSpots(matrix);
  expect(dark.find(({ type }) => type === 'mfa_verification')?.offeredBy).toEqual(['Duo authentication']);
  expect(dark.map(({ type }) => type)).not.toContain('download_resource');
  expect(silent).toMatchObject([{ name: 'Box', sources: ['box.admin_logs'], cells: [{ type: 'download_resource' }] }]);
  expect(stopped).toMatchObject([{ name: 'Box', cells: [{ type: 'delete_user' }] }]);
  expect(offered).toMatchObject([
    { name: 'GitHub', by: 'GitHub audit log', cells: [{ type: 'account_login' }, { type: 'download_resource' }] },
  ]);
});

test('the worst in sentences', () => {
  expect(blindSpotSentences(blindSpots(matrix))).toEqual([
    'Box no longer reports deleted users.',
    expect.stringMatching(
      /^No source you collect reports granted permissions, changed security settings, second factors and \d+ more\.$/,
    ),
    'Of GitHub, only GitHub audit log reports sign-ins and downloads, and it is not connected.',
    'Box can report downloads, but none came yet.',
  ]);
  expect(blindSpotSentences({ dark: [], silent: [], stopped: [], offered: [] })).toEqual([]);
});

test('a deployment that collects nothing has no matrix of its own to fail on', () => {
  const empty = matrixOf({ sources: [] }, [], NOW);
  expect(empty).toEqual({ rows: [], whole: [] });
  expect(blindSpotSentences(blindSpots(empty))).toEqual([]);
});

test('filters leave rows and types', () => {
  const all = viewOf(matrix, coverageRoute.initial);
  expect(all.rows).toHaveLength(5);
  expect(all.groups.map(({ types }) => types.length)).toEqual([3, 18, 8, 6]);
  const missing = viewOf(matrix, {
    ...coverageRoute.initial,
    sources: 'collected',
    types: 'missing',
    category: 'authentication',
  });
  expect(missing.rows).toHaveLength(3);
  expect(missing.groups).toEqual([{ category: 'authentication', types: ['account_logout', 'mfa_verification'] }]);
});

test('counts of a row', () => {
  expect(countsOf(row('box.admin_logs').cells)).toEqual({ given: 3, seen: 1 });
});

test('a cell in words, and its events', () => {
  expect(cellWords(cell('box.admin_logs', 'account_login'))).toBe('about 7 events, the last on 21 Nov 2026');
  expect(cellWords(cell('box.admin_logs', 'delete_user'))).toMatch(/^nothing in the last 30 days; before that about 7/);
  expect(cellHref('box.admin_logs', cell('box.admin_logs', 'account_login'))).toBe(
    '#/events?source=box.admin_logs&type=account_login',
  );
  expect(cellHref(null, cell('box.admin_logs', 'delete_user'))).toBe('#/events?type=delete_user&last=all');
});

test.each([
  ['Box enterprise events', 'Box'],
  ['Microsoft 365: Entra ID', 'Microsoft 365'],
  ['Google Workspace audit activity', 'Google Workspace'],
  ['GitHub audit log', 'GitHub'],
  ['lower case', 'lower case'],
])('%s is of %s', (title, name) => {
  expect(productName(title)).toBe(name);
});

test('every source has the name of a product in its title', () => {
  for (const { title } of SOURCES) expect(title.startsWith(productName(title))).toBe(true);
});

test('every type has words of its own', () => {
  expect(new Set(Object.values(TYPE_WORDS)).size).toBe(EVENT_TYPES.length);
});

test('the most telling types first, the others as they were', () => {
  const types = (['query_resource', 'read_user', 'download_resource', 'account_login'] as const).map((type) => ({
    type,
  }));
  expect(byWeight(types).map(({ type }) => type)).toEqual([
    'account_login',
    'download_resource',
    'query_resource',
    'read_user',
  ]);
});

test('lists in words', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((words) => listWords(words))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});

test('arrows stay within the grid, whatever its shape', () => {
  const keys = fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End');
  const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(keys, lengths, fc.nat(19), fc.nat(39), (key, rows, atRow, atColumn) => {
      const row = atRow % rows.length;
      const to = stepTo(key, row, atColumn % rows[row]!, rows)!;
      expect(to.row).toBeGreaterThanOrEqual(0);
      expect(to.column).toBeGreaterThanOrEqual(0);
      expect(to.column).toBeLessThan(rows[to.row]!);
    }),
  );
  expect(stepTo('Enter', 0, 0, [3])).toBeNull();
  expect(stepTo('End', 0, 0, [3])).toEqual({ row: 0, column: 2 });
});
