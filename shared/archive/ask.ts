import type { EntityRef, EventFilter } from '../query/filter.ts';
import { NO_TYPE } from '../query/filter.ts';

/** Filters that are one column each. */
const COLUMN_OF = {
  connection: 'connection',
  category: 'category',
  type: 'type',
  action: 'action',
  outcome: 'outcome',
  ip: 'ip',
  session: 'session',
} as const satisfies Partial<Record<keyof EventFilter, string>>;

const TEXT_COLUMNS = ['action', 'actor_id', 'actor_name', 'actor_email', 'ip', 'user_agent', 'session', 'reason'];

/**
 * SQL that asks the archive what a query asked the hot store, for one source and a range of time that has left it. It is good
 * for Athena and for `npm run sql`. `target` looks among actor and targets alike, `q` in the columns that hold most text.
 */
export function archiveSql(tenant: string, source: string, filter: EventFilter, to: string): string {
  const conditions = [
    `tenant = ${quote(tenant)}`,
    `source = ${quote(source)}`,
    ...(filter.from === undefined
      ? []
      : [`month >= ${quote(filter.from.slice(0, 7))}`, `time >= ${timestamp(filter.from)}`]),
    `time < ${timestamp(to)}`,
    ...Object.entries(COLUMN_OF).flatMap(([key, column]) => {
      const values = filter[key as keyof typeof COLUMN_OF];
      return values === undefined ? [] : [among(column, values)];
    }),
    ...(filter.attribute === undefined
      ? []
      : [anyOf(filter.attribute.map((name) => `contains(attributes, ${quote(name.toLowerCase())})`))]),
    ...(filter.actor === undefined ? [] : [actorIs(filter.actor)]),
    ...[filter.target, filter.entity].flatMap((ref) => (ref === undefined ? [] : [entityIs(ref)])),
    ...(filter.q === undefined
      ? []
      : [anyOf(TEXT_COLUMNS.map((column) => `strpos(lower(${column}), ${quote(filter.q?.toLowerCase() ?? '')}) > 0`))]),
  ];
  return `select * from events where ${conditions.join(' and ')} order by time desc`;
}

function among(column: string, values: readonly string[]): string {
  return anyOf(values.map((value) => (value === NO_TYPE ? `${column} is null` : `${column} = ${quote(value)}`)));
}

function actorIs({ whole, value }: EntityRef): string {
  const names = [whole, ...(value === undefined ? [] : [value])];
  return anyOf(
    names.flatMap((name) =>
      ['actor_id', 'actor_name', 'actor_email'].map((column) => `lower(${column}) = ${quote(name)}`),
    ),
  );
}

function entityIs({ whole, value }: EntityRef): string {
  return anyOf([whole, ...(value === undefined ? [] : [value])].map((name) => `contains(entities, ${quote(name)})`));
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? 'true') : `(${conditions.join(' or ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function timestamp(time: string): string {
  return `timestamp '${time.replace('T', ' ').replace('Z', '')}'`;
}
