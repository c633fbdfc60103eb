import { COLUMNS, type Column, LANDING_PARTITION } from './columns.ts';

export { trinoType } from './hive-type.ts';

/** The columns of the view `events`, in order, types in Hive's spelling. */
export const VIEW_COLUMNS: readonly Column[] = [
  ...COLUMNS,
  { name: 'month', type: 'string', comment: 'month of time, as 2026-11' },
  { name: LANDING_PARTITION, type: 'string', comment: 'day, UTC, on which Firehose received the row' },
];

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

/**
 * The SELECT behind the view `events`: every event once, though Firehose delivers at least once.
 *
 * Copies of an event agree in everything that it is partitioned by, so an engine may move a filter on `month`, `tenant`,
 * `source`, `time` or `id` below the window and into the scan; one on `ingest_date` it may not. The text means the same to Trino
 * (Athena) and to DuckDB.
 *
 * @param landing the table of landed rows as SQL names it, quoted where needed; its columns are `COLUMNS` and `ingest_date`.
 */
export function eventsViewSql(landing: string): string {
  return `SELECT ${quoted(VIEW_COLUMNS.map(({ name }) => name))}
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY "month", "tenant", "source", "time", "id" ORDER BY "received_at", "${LANDING_PARTITION}"
  ) AS "copy"
  FROM (
    SELECT ${quoted(COLUMNS.map(({ name }) => name))}, substr(cast("time" AS varchar), 1, 7) AS "month", "${LANDING_PARTITION}"
    FROM ${landing}
  ) AS stored
) AS numbered
WHERE "copy" = 1`;
}
