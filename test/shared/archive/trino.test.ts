import { beforeAll, describe, expect, it } from 'vitest';
import { archiveSql } from '../../../shared/archive/ask.ts';
import { namedQueryText, savedQueries, savedViews } from '../../../shared/archive/saved-sql.ts';
import { withValues } from '../../../shared/archive/sql-parameters.ts';
import { eventsViewSql } from '../../../shared/archive/view.ts';
import { trinoGrammar } from '../../support/trino-grammar.ts';

/** Those of Athena's functions that the SQL here uses; the grammar takes any name for one. */
const FUNCTIONS = new Set(
  `array_agg array_sort cast coalesce contains count date_diff element_at filter greatest json_format lower max min regexp_like row row_number
  strpos substr`.split(/\s+/),
);
const KEYWORDS = new Set([
  'in',
  'over',
  'and',
  'or',
  'as',
  'from',
  'when',
  'where',
  'having',
  'on',
  'then',
  'else',
  'not',
]);
/** What is called in a statement, without its texts, quoted names and remarks. */
function functionsIn(sql: string): string[] {
  const bare = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*/g, ' ');
  return [...bare.matchAll(/([a-z_0-9]+)\s*\(/gi)].map(([, name = '']) => name.toLowerCase());
}

let problems: (sql: string) => string[];
beforeAll(async () => {
  problems = await trinoGrammar();
});

describe('the grammar of Trino, which Athena speaks', () => {
  it.each([
    'SELECT a::int FROM t',
    'FROM events',
    "SELECT {'a': 1}",
    'SELECT list_transform([1], x -> 1)',
    'SELECT * EXCLUDE (a) FROM t',
    'SELECT a FROM t WHERE',
  ])('refuses %j', (sql) => {
    expect(problems(sql)).not.toEqual([]);
  });

  it('has the view events', () => {
    expect(problems(eventsViewSql({ landing: '"annals_prod"."landing"', archive: '"annals_prod"."archive"' }))).toEqual(
      [],
    );
  });

  it.each(savedViews().map(({ name, sql }) => [name, sql]))('has the view %s', (_, sql) => {
    expect(problems(sql)).toEqual([]);
  });

  it.each(savedQueries().map((query) => [query.name, query] as const))('has the query %s', (_, query) => {
    expect(problems(namedQueryText(query))).toEqual([]);
    const given = Object.fromEntries(
      query.parameters.filter((one) => one.default === undefined).map(({ name }) => [name, "o'x"]),
    );
    expect(problems(withValues(query, given, '2026-11-22T00:00:00.000Z'))).toEqual([]);
  });

  it.each([...savedViews(), ...savedQueries()].map(({ name, sql }) => [name, sql]))(
    'has the functions of %s',
    (_, sql) => {
      const called = functionsIn(sql);
      expect(called.length).toBeGreaterThan(0);
      expect(called.filter((name) => !FUNCTIONS.has(name) && !KEYWORDS.has(name))).toEqual([]);
    },
  );

  it('has what a query of the API that reaches past the hot store is told to ask', () => {
    const filter = {
      from: '2026-01-01T00:00:00.000Z',
      type: ['account_login', 'none'],
      actor: { whole: 'user:jane', kind: 'user', value: 'jane' },
      target: { whole: 'x' },
      attribute: ['Role'],
      q: "o'x",
    } as const;
    expect(problems(archiveSql('acme', 'github.audit', filter, '2026-06-01T00:00:00.000Z'))).toEqual([]);
  });
});
