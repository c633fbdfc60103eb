import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../errors.ts';
import type { Column } from './columns.ts';
import { parseHiveType } from './hive-type.ts';
import { forAthena, literalOf, PARAMETER_TYPES, parametersIn, type QueryParameter } from './sql-parameters.ts';
import { VIEW_COLUMNS } from './view.ts';

interface SavedSql {
  /** The name of its file, without `.sql`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** One SELECT over the view `events`, in the common tongue of Trino and DuckDB. */
  readonly sql: string;
}

export interface SavedView extends SavedSql {
  /** What it shows, in order, types in Hive's spelling. */
  readonly columns: readonly Column[];
}

export interface SavedQuery extends SavedSql {
  /** Written `:name` in the statement. */
  readonly parameters: readonly QueryParameter[];
}

const FOLDER = join(import.meta.dirname, 'sql');

/** The views by use, sorted by name. */
export function savedViews(): SavedView[] {
  return read('views', parseView);
}

/** The saved queries, sorted by name. */
export function savedQueries(): SavedQuery[] {
  return read('queries', parseQuery);
}

/** The text of a saved query in Athena: what it answers and how to run it, as remarks, then the statement. */
export function namedQueryText(query: SavedQuery): string {
  const { title, description, parameters } = query;
  const asked = parameters.filter((one) => one.default === undefined);
  const written = parameters.filter((one) => one.default !== undefined);
  const head = [
    ...wrapped(`${title}. ${description}`),
    '',
    ...(asked.length === 0
      ? []
      : ["Athena asks for these when it is run, in this order; write texts in single quotes, as 'x':"]),
    ...asked.map((one, index) => `  ${index + 1}. ${one.description}`),
    ...(written.length === 0 ? [] : ['Written out below; edit each wherever it stands:']),
    ...written.map((one) => `  ${literalOf(one.type, one.default ?? '', 'localtimestamp')}: ${one.description}`),
  ];
  return `${head.map((line) => `-- ${line}`.trimEnd()).join('\n')}\n${forAthena(query)}\n`;
}

function wrapped(text: string): string[] {
  return text.match(/\S(?:.{0,118}\S)?(?=\s|$)/g) ?? [];
}

function read<T>(folder: string, parse: (name: string, text: string) => T): T[] {
  const files = readdirSync(join(FOLDER, folder)).filter((file) => file.endsWith('.sql'));
  return files
    .sort()
    .map((file) => parse(file.slice(0, -'.sql'.length), readFileSync(join(FOLDER, folder, file), 'utf8')));
}

/**
 * Reads the file of a view. Its head is remarks: the title, a description, an empty one, and lines of `columns:` that name the
 * columns in order, with a type where it is not that of the same column of `events`.
 *
 * @throws ConfigurationError saying what is wrong with the head.
 */
export function parseView(name: string, text: string): SavedView {
  const { details, ...saved } = parseHead(name, text);
  const columns = details.flatMap((line) => {
    const [, list] = /^columns: (.+)$/.exec(line) ?? wrong(name, line, 'columns: name, name type ...');
    // Commas inside of types are followed by no space.
    return (list ?? '').split(', ').map((column) => viewColumn(name, column));
  });
  if (columns.length === 0) wrong(name, '', 'columns: name, name type ...');
  return { ...saved, columns };
}

function viewColumn(view: string, written: string): Column {
  const [name = '', type] = written.split(' ');
  const known = VIEW_COLUMNS.find((column) => column.name === name);
  if (type === undefined) return known ?? wrong(view, written, 'a type for what is no column of events');
  parseHiveType(type);
  return { name, type, comment: '' };
}

/**
 * Reads the file of a query. Its head is remarks: the title, a description, an empty one, and a line for each parameter,
 * `:name type = default   description`; without a default it must be given, `''` is the empty text.
 *
 * @throws ConfigurationError saying what is wrong with the head, or when head and statement differ in their parameters.
 */
export function parseQuery(name: string, text: string): SavedQuery {
  const { details, ...saved } = parseHead(name, text);
  const parameters = details.map((line) => parseParameter(name, line));
  const used = new Set(parametersIn(saved.sql));
  const odd = [...used].find((one) => !parameters.some((parameter) => parameter.name === one));
  if (odd !== undefined) wrong(name, `:${odd}`, 'a line for it in the head');
  for (const parameter of parameters) {
    if (!used.has(parameter.name)) wrong(name, `:${parameter.name}`, 'a place for it in the statement');
    // Athena asks for each question mark by itself.
    if (parameter.default === undefined && parametersIn(saved.sql).filter((one) => one === parameter.name).length > 1)
      wrong(name, `:${parameter.name}`, 'a default, or one place only');
  }
  return { ...saved, parameters };
}

const PARAMETER = new RegExp(`^:([a-z][a-z0-9_]*) +(${PARAMETER_TYPES.join('|')})(?: = (\\S+))? {2,}(\\S.*)$`);

function parseParameter(query: string, line: string): QueryParameter {
  const form = `:name ${PARAMETER_TYPES.join('|')} = default   description`;
  const [, name = '', kind, given, description = ''] = PARAMETER.exec(line) ?? wrong(query, line, form);
  const type = PARAMETER_TYPES.find((one) => one === kind) ?? wrong(query, line, form);
  if (given === undefined) return { name, type, description };
  const value = given === "''" ? '' : given;
  if (literalOf(type, value, 'now') === undefined) wrong(query, line, `a default of type ${type}`);
  return { name, type, default: value, description };
}

function parseHead(name: string, text: string): SavedSql & { details: string[] } {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const head = lines.slice(0, end === -1 ? lines.length : end).map((line) => line.slice(2).trim());
  const gap = head.indexOf('');
  const [title = '', ...description] = gap === -1 ? head : head.slice(0, gap);
  const sql = lines.slice(end).join('\n').trim();
  if (title === '' || description.length === 0) wrong(name, title, 'a title and a description in remarks');
  if (end === -1 || sql === '') wrong(name, '', 'a statement after the remarks');
  if (sql.includes(';')) wrong(name, ';', 'one statement without a semicolon');
  return { name, title, description: description.join(' '), sql, details: gap === -1 ? [] : head.slice(gap + 1) };
}

function wrong(name: string, found: string, expected: string): never {
  throw new ConfigurationError(`${name}.sql: expected ${expected}${found === '' ? '' : `, found ${found}`}`);
}
