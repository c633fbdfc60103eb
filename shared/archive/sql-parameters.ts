import { InvalidRequestError } from '../errors.ts';

/** How a value is given, checked, and written as a literal that Trino and DuckDB read alike. */
const TYPES = {
  text: (value: string) => `'${value.replaceAll("'", "''")}'`,
  integer: (value: string) => (/^\d{1,9}$/.test(value) ? String(Number(value)) : undefined),
  /** A day or an instant, UTC; timestamps of the tables have no zone. */
  time: (value: string) => {
    const [, day, clock = '00:00:00'] = TIME.exec(value) ?? [];
    const written = `${day}T${clock}`;
    // Date.parse would take 30 February for 2 March.
    const real = day !== undefined && new Date(`${written}Z`).toJSON()?.startsWith(written);
    return real ? `timestamp '${day} ${clock}'` : undefined;
  },
} as const satisfies Record<string, (value: string) => string | undefined>;
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?)Z?)?$/;
const EXPECTED = {
  text: 'a text',
  integer: 'a whole number',
  time: 'a day or a time in UTC, as 2026-11-22 or 2026-11-22T09:30:00Z, or now',
} as const;

export type ParameterType = keyof typeof TYPES;
export const PARAMETER_TYPES = Object.keys(TYPES) as readonly ParameterType[];

/** A parameter of a saved query. One without a default must be given. */
export interface QueryParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** As a user would give it; `now` for a time. */
  readonly default?: string;
  readonly description: string;
}

// Quoted texts and names, and remarks, are passed over: a colon in them is no parameter.
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|:([a-z][a-z0-9_]*)/g;

/** The names of the parameters in a statement, in order, each as often as it occurs. */
export function parametersIn(sql: string): string[] {
  return [...sql.matchAll(TOKENS)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** The statement with every `:name` replaced. */
function replaceParameters(sql: string, written: (name: string) => string): string {
  return sql.replace(TOKENS, (token: string, name: string | undefined) => (name === undefined ? token : written(name)));
}

/**
 * The statement with values in place of its parameters: those given, else the defaults.
 *
 * @param now what `now` stands for, ISO-8601 with Z.
 * @throws InvalidRequestError naming every parameter that is unknown, missing or malformed.
 */
export function withValues(
  query: { readonly name: string; readonly parameters: readonly QueryParameter[]; readonly sql: string },
  given: Readonly<Record<string, string>>,
  now: string,
): string {
  const { name: query_, parameters, sql } = query;
  const known = parameters.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const problems = unknown.map((name) => `${query_} has no parameter ${name}: it takes ${known.join(', ')}`);
  const literals = new Map<string, string>();
  for (const parameter of parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    const literal = value === undefined ? undefined : literalOf(parameter.type, value, `timestamp '${sqlTime(now)}'`);
    if (value === undefined) problems.push(`${query_} needs ${parameter.name}: ${parameter.description}`);
    else if (literal === undefined)
      problems.push(`${parameter.name} must be ${EXPECTED[parameter.type]}, and not ${JSON.stringify(value)}`);
    else literals.set(parameter.name, literal);
  }
  if (problems.length > 0) throw new InvalidRequestError(problems.join('; '));
  return replaceParameters(sql, (name) => literals.get(name) ?? `:${name}`);
}

/**
 * The statement as Athena keeps it: `?` for each parameter that must be given, which Athena asks for in this order, and the
 * defaults written out, to be edited.
 */
export function forAthena({
  parameters,
  sql,
}: {
  readonly parameters: readonly QueryParameter[];
  readonly sql: string;
}): string {
  return replaceParameters(sql, (name) => {
    const parameter = parameters.find((one) => one.name === name);
    if (parameter?.default === undefined) return '?';
    return literalOf(parameter.type, parameter.default, 'localtimestamp') ?? '?';
  });
}

/** A value as an SQL literal; undefined when it is not of the type. */
export function literalOf(type: ParameterType, value: string, now: string): string | undefined {
  return type === 'time' && value === 'now' ? now : TYPES[type](value);
}

function sqlTime(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '');
}
