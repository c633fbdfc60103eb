import type { EntityRef, EventFilter } from '../query/filter.ts';
import { NO_TYPE } from '../query/filter.ts';
import { COLUMNS } from './columns.ts';
import { eventDate } from './event-date.ts';

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

const TEXT_COLUMNS = COLUMNS.filter(({ name, type }) => type === 'string' && !name.startsWith('raw')).map(
  ({ name }) => name,
);
/** What holds the texts of lists. `npm run sql` knows json_format too. */
const TEXTS = [...TEXT_COLUMNS, 'json_format(cast(targets as json))', 'json_format(cast(changes as json))'];

/**
 * SQL that asks the archive what a query asked the hot store, for one source and a range of time that has left it. It is good
 * for Athena and for `npm run sql`. It finds all that the query would, and may find more: `target` looks among actor and
 * targets alike, and `q` among the names of what a target or change is made of.
 */
export function archiveSql(tenant: string, source: string, filter: EventFilter, to: string): string {
  const conditions = [
    `tenant = ${quote(tenant)}`,
    `source = ${quote(source)}`,
    ...(filter.from === undefined
      ? []
      : [`event_date >= ${quote(filter.from.slice(0, 10))}`, `time >= ${timestamp(filter.from)}`]),
    `event_date <= ${quote(eventDate(to))}`,
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
      : [anyOf(TEXTS.map((text) => `strpos(lower(${text}), ${quote(filter.q?.toLowerCase() ?? '')}) > 0`))]),
  ];
  return `select * from events where ${conditions.join(' and ')} order by time desc`;
}

function among(column: string, values: readonly string[]): string {
  return anyOf(values.map((value) => (value === NO_TYPE ? `${column} is null` : `${column} = ${quote(value)}`)));
}

function actorIs({ whole, kind, value }: EntityRef): string {
  const named = (name: string) =>
    anyOf(['actor_id', 'actor_name', 'actor_email'].map((column) => `lower(${column}) = ${quote(name)}`));
  if (kind === undefined || value === undefined) return named(whole);
  return anyOf([named(whole), `(actor_type = ${quote(kind)} and ${named(value)})`]);
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
