import { AwsError } from '../endpoint.ts';
import type { AttributeValue, Item } from './backend.ts';

/** One `INSERT INTO "table" VALUE {'attribute': ?, ...}` with its parameters filled in. */
export interface Insert {
  readonly table: string;
  readonly item: Item;
  readonly statement: string;
  readonly parameters: readonly AttributeValue[];
}

const TOKEN = /\s*(?:"((?:[^"]|"")+)"|'((?:[^']|'')*)'|([A-Za-z_][\w]*)|([{}:,?]))/y;
const CACHED_STATEMENTS = 1000;
const cache = new Map<string, InsertStatement>();

interface InsertStatement {
  readonly table: string;
  readonly attributes: readonly string[];
}

/**
 * Reads `INSERT INTO "table" VALUE {'attribute': ?, ...}`, the one statement known here; every value is a parameter.
 *
 * @throws AwsError ValidationException for anything else.
 */
export function parseInsert(statement: string): InsertStatement {
  const known = cache.get(statement);
  if (known !== undefined) return known;
  const parsed = parse(statement);
  if (cache.size >= CACHED_STATEMENTS) cache.clear();
  cache.set(statement, parsed);
  return parsed;
}

/**
 * Puts the parameters into the statement's item; undefined when there are too few or too many.
 *
 * @throws AwsError as {@link parseInsert}.
 */
export function bindInsert(statement: string, parameters: readonly AttributeValue[]): Insert | undefined {
  const { table, attributes } = parseInsert(statement);
  if (attributes.length !== parameters.length) return undefined;
  const item: Record<string, AttributeValue> = Object.create(null);
  for (const [index, name] of attributes.entries()) item[name] = parameters[index] ?? {};
  return { table, item, statement, parameters };
}

function parse(statement: string): InsertStatement {
  const tokens = tokenize(statement);
  let at = 0;
  const take = (kind: Token['kind'], text?: string): string => {
    const token = tokens[at++];
    if (token?.kind !== kind || (text !== undefined && token.text.toUpperCase() !== text)) throw malformed(statement);
    return token.text;
  };
  take('word', 'INSERT');
  take('word', 'INTO');
  const table = take(tokens[at]?.kind === 'quoted' ? 'quoted' : 'word');
  take('word', 'VALUE');
  take('sign', '{');
  const attributes: string[] = [];
  do {
    attributes.push(take('string'));
    take('sign', ':');
    take('sign', '?');
  } while (tokens[at]?.text === ',' && at++);
  take('sign', '}');
  if (at !== tokens.length) throw malformed(statement);
  if (new Set(attributes).size !== attributes.length)
    throw new AwsError('ValidationException', `an attribute is named twice: ${statement}`);
  return { table, attributes };
}

interface Token {
  readonly kind: 'quoted' | 'string' | 'word' | 'sign';
  readonly text: string;
}

function tokenize(statement: string): Token[] {
  const tokens: Token[] = [];
  const text = statement.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [match, quoted, string, word, sign] = TOKEN.exec(text) ?? [];
    if (match === undefined) throw malformed(statement);
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll('""', '"') });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

function malformed(statement: string): AwsError {
  return new AwsError(
    'ValidationException',
    `only INSERT INTO "table" VALUE {'attribute': ?, ...} is known locally, not: ${statement.slice(0, 200)}`,
  );
}
