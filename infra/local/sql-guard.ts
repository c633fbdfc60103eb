import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { sqlText } from '../../shared/archive/duckdb.ts';
import { InvalidRequestError } from '../../shared/errors.ts';

const REFUSAL = 'only one statement that reads is possible here: SELECT, WITH, EXPLAIN, DESCRIBE or SHOW';
// EXPLAIN ANALYZE runs what it explains, be it a COPY, so that is what has to be looked at.
const EXPLAIN =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*explain\b(?:\s+analyze\b)?(?:\s*\(\s*(?:analyze|format)\b[^)]*\))?/i;
/** Functions in FROM that only compute. Others read files, run SQL given as text, or write logs. */
const TABLE_FUNCTIONS = new Set(['unnest', 'range', 'generate_series', 'json_each', 'json_tree']);

const Serialized = z.union([
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({ error: z.literal(true), error_type: z.string(), error_message: z.string() }),
]);

const TableFunction = z.object({
  type: z.literal('TABLE_FUNCTION'),
  function: z.object({ function_name: z.string() }),
});

/**
 * Checks, with DuckDB's own parser, that the text is one statement which can do nothing but read tables.
 *
 * @throws InvalidRequestError when it is something else, or no SQL.
 */
export async function requireReading(connection: DuckDBConnection, sql: string): Promise<void> {
  // It serializes what counts as a SELECT, DESCRIBE and SHOW among it, and nothing else.
  const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(${sqlText(sql.replace(EXPLAIN, ''))})`);
  const result = Serialized.parse(JSON.parse(String(reader.getRows()[0]?.[0])));
  if (result.error && result.error_type === 'parser')
    throw new InvalidRequestError(`Parser Error: ${result.error_message}`);
  if (result.error || result.statements.length !== 1) throw new InvalidRequestError(REFUSAL);
  const odd = tableFunctionsIn(result.statements).find((name) => !TABLE_FUNCTIONS.has(name));
  if (odd !== undefined)
    throw new InvalidRequestError(
      `the function ${odd} is not possible here: query the view events, or the tables landing and archive`,
    );
}

function tableFunctionsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = TableFunction.safeParse(node);
  return [...(own.success ? [own.data.function.function_name] : []), ...Object.values(node).flatMap(tableFunctionsIn)];
}
