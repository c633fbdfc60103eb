import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDb } from '../../../shared/archive/duckdb.ts';
import { namedQueryText, parseQuery, parseView, savedQueries, savedViews } from '../../../shared/archive/saved-sql.ts';
import { parametersIn, withValues } from '../../../shared/archive/sql-parameters.ts';

const NOW = '2026-11-22T09:30:00.123Z';
let duckDb: Awaited<ReturnType<typeof openDuckDb>>;
beforeAll(async () => {
  duckDb = await openDuckDb();
});
afterAll(() => duckDb.closeSync());

const HEAD = '-- Title\n-- What it answers.\n--\n';
const query = (parameters: string, sql: string) => parseQuery('q', `${HEAD}${parameters}\n${sql}\n`);

describe('a saved query', () => {
  it('is read from its file', () => {
    expect(
      query('-- :who  text         a name\n-- :n    integer = 3  how many', 'SELECT :n, :n WHERE a = :who'),
    ).toEqual({
      name: 'q',
      title: 'Title',
      description: 'What it answers.',
      sql: 'SELECT :n, :n WHERE a = :who',
      parameters: [
        { name: 'who', type: 'text', description: 'a name' },
        { name: 'n', type: 'integer', default: '3', description: 'how many' },
      ],
    });
  });

  it.each([
    [
      '-- :who text a name',
      'SELECT :who',
      /expected :name text\|integer\|time = default {3}description, found :who text a name/,
    ],
    ['-- :who word  a name', 'SELECT :who', /found :who word/],
    ['-- :n integer = three  how many', 'SELECT :n', /a default of type integer/],
    ['-- :t time = 2026-02-30  when', 'SELECT :t', /a default of type time/],
    ['-- :n integer = 3  how many', 'SELECT 1', /a place for it in the statement, found :n/],
    ['-- :n integer = 3  how many', 'SELECT :n, :m', /a line for it in the head, found :m/],
    ['-- :who text  a name', 'SELECT :who, :who', /a default, or one place only, found :who/],
    ['-- :n integer = 3  how many', 'SELECT :n; SELECT 2', /one statement/],
    ['-- :n integer = 3  how many', '', /a statement after the remarks/],
  ])('%j with %j is refused', (parameters, sql, message) => {
    expect(() => query(parameters, sql)).toThrow(message);
  });

  it('without a head is refused', () => {
    expect(() => parseQuery('q', 'SELECT 1')).toThrow(/q\.sql: expected a title and a description/);
    expect(() => parseQuery('q', '-- Title')).toThrow(/a title and a description/);
  });

  it('knows a parameter from what looks like one', () => {
    expect(parametersIn(`SELECT ':a', "b:c" -- :d\n, x[1:e], :f_1, '''' , :f_1`)).toEqual(['e', 'f_1', 'f_1']);
  });

  it('says all that is wrong with what is given, at once', () => {
    const one = query(
      '-- :who  text         a name\n-- :n    integer = 3  how many\n-- :t    time = now  when',
      'SELECT :n, :t, :who',
    );
    expect(() => withValues(one, { n: '-1', t: 'yesterday', whom: 'x' }, NOW)).toThrow(
      'q has no parameter whom: it takes who, n, t; q needs who: a name; n must be a whole number, and not "-1"; ' +
        't must be a day or a time in UTC, as 2026-11-22 or 2026-11-22T09:30:00Z, or now, and not "yesterday"',
    );
    expect(() => withValues(one, { who: 'x', constructor: 'y' }, NOW)).toThrow(/no parameter constructor/);
  });

  it.each([
    ['2026-11-22', "timestamp '2026-11-22 00:00:00'"],
    ['2026-11-22T09:30:00Z', "timestamp '2026-11-22 09:30:00'"],
    ['2026-11-22 09:30:00.5', "timestamp '2026-11-22 09:30:00.5'"],
    ['now', "timestamp '2026-11-22 09:30:00.123'"],
  ])('takes %j for a time', (given, written) => {
    expect(withValues(query('-- :t time = 2026-01-01  when', 'SELECT :t'), { t: given }, NOW)).toBe(
      `SELECT ${written}`,
    );
  });

  it.each([
    '2026-02-29',
    '2026-11-22T24:00:01Z',
    '2026-11-22T09:30',
    '2026-11-22T09:30:00+01:00',
    "2026-11-22' OR 1=1 --",
    '',
  ])('does not take %j for a time', (given) => {
    expect(() => withValues(query('-- :t time = 2026-01-01  when', 'SELECT :t'), { t: given }, NOW)).toThrow(
      /t must be/,
    );
  });

  it('gives every text to the statement as it is', async () => {
    const connection = await duckDb.connect();
    const one = query('-- :who text  a name', 'SELECT :who AS "value"');
    await fc.assert(
      // DuckDB's strings hold no zero.
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom("'", "';--", ':who', '\\', '?')),
        async (who) => {
          fc.pre(!who.includes('\u0000'));
          const reader = await connection.runAndReadAll(withValues(one, { who }, NOW));
          expect(reader.getRowsJson()).toEqual([[who]]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('in Athena asks for what has no default, and says how', () => {
    const one = query(
      '-- :who  text         a name\n-- :n    integer = 3  how many\n-- :t    time = now  when',
      'SELECT :n, :t, :n\nWHERE :who',
    );
    expect(namedQueryText(one)).toBe(`-- Title. What it answers.
--
-- Athena asks for these when it is run, in this order; write texts in single quotes, as 'x':
--   1. a name
-- Written out below; edit each wherever it stands:
--   3: how many
--   localtimestamp: when
SELECT 3, localtimestamp, 3
WHERE ?
`);
  });
});

describe('a view', () => {
  it('is read from its file, types of known columns filled in', () => {
    const view = parseView(
      'v',
      `${HEAD}-- columns: id, time, n bigint\n-- columns: s struct<a:string,b:int>\nSELECT 1`,
    );
    expect(view.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id string',
      'time timestamp',
      'n bigint',
      's struct<a:string,b:int>',
    ]);
  });

  it.each([
    ['-- columns: id, nope', /a type for what is no column of events, found nope/],
    ['-- columns: n number', /Hive type number/],
    ['-- column: id', /found column: id/],
    ['', /expected columns:/],
  ])('%j is refused', (columns, message) => {
    expect(() => parseView('v', `${HEAD}${columns}\nSELECT 1`)).toThrow(message);
  });
});

describe('those of the project', () => {
  it('are there by their names', () => {
    expect(savedViews().map(({ name }) => name)).toEqual([
      'configuration_changes',
      'deletions_and_downloads',
      'logins',
      'mfa_changes',
      'ocsf_account_change',
      'ocsf_authentication',
      'ocsf_group_management',
      'privilege_changes',
    ]);
    expect(savedQueries().map(({ name }) => name)).toEqual([
      'actor-activity',
      'dormant-admins',
      'first-seen-ips',
      'leaver-last-days',
      'logins-failed-then-succeeded',
      'target-activity',
    ]);
  });

  it.each(savedQueries().map((one) => [one.name, one] as const))(
    '%s asks Athena for each value once, and in WHERE',
    (_, one) => {
      const text = namedQueryText(one);
      const asked = one.parameters.filter((parameter) => parameter.default === undefined);
      expect(text.split('?')).toHaveLength(asked.length + 1);
      if (asked.length > 0) expect(text.indexOf('?')).toBeGreaterThan(text.lastIndexOf('WHERE'));
      expect(Buffer.byteLength(text)).toBeLessThan(262_144);
    },
  );
});
