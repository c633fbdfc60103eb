/**
 * What the common tongue takes from Trino (Athena) and DuckDB names otherwise. All else that the views and saved queries say means the
 * same to both; where it would not, they say it another way.
 *
 * | Trino | DuckDB by itself |
 * |---|---|
 * | `json_format(json)` gives text | has no such function; a cast does it |
 * | `element_at(array, n)` is null beyond the end | has it for maps only |
 * | `regexp_like(text, pattern)` is true where the pattern is found | calls it `regexp_matches` |
 */
export const TRINO_MACROS: readonly string[] = [
  'CREATE MACRO json_format(value) AS CAST(value AS VARCHAR)',
  'CREATE MACRO element_at(list, n) AS list_extract(list, n)',
  'CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)',
];
