import { COLUMNS, type Column, LANDING_PARTITION, SEALED_PARTITION } from './columns.ts';
import { FIRST_EVENT_DATE } from './event-date.ts';

export { trinoType } from './hive-type.ts';

/** The columns of the view `events`, in order, types in Hive's spelling. */
export const VIEW_COLUMNS: readonly Column[] = [
  ...COLUMNS,
  {
    name: SEALED_PARTITION,
    type: 'string',
    comment: `day of time, UTC, as 2026-11-05; ${FIRST_EVENT_DATE} for all before`,
  },
  {
    name: LANDING_PARTITION,
    type: 'string',
    comment: 'day, UTC, on which Firehose received the row; null once it is sealed',
  },
];

/** The tables that the view is made of, as SQL names them, quoted where needed. */
export interface EventTables {
  /** Landed rows: `COLUMNS` and `ingest_date`. */
  readonly landing: string;
  /** Sealed rows: `COLUMNS` and `event_date`. */
  readonly archive: string;
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

/**
 * The SELECT behind the view `events`: every event once, though Firehose delivers at least once, and though what was sealed
 * stays in landing for some days. Of several copies the sealed one is shown, else the one received first.
 *
 * A sealed file may appear while a query runs. What it holds is in landing then, so every row is seen at least once,
 * and the window leaves one; asking landing only for what is not sealed could miss rows.
 *
 * Copies of an event agree in everything that it is partitioned by, so an engine may move a filter on `event_date`, `tenant`,
 * `source`, `time` or `id` below the window and into both scans; one on another column it may not. The text means the same
 * to Trino (Athena) and to DuckDB.
 */
export function eventsViewSql({ landing, archive }: EventTables): string {
  const columns = quoted(COLUMNS.map(({ name }) => name));
  return `SELECT ${quoted(VIEW_COLUMNS.map(({ name }) => name))}
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY "${SEALED_PARTITION}", "tenant", "source", "time", "id" ORDER BY "landed", "received_at", "${LANDING_PARTITION}"
  ) AS "copy"
  FROM (
    SELECT ${columns}, "${SEALED_PARTITION}", cast(null AS varchar) AS "${LANDING_PARTITION}", 0 AS "landed"
    FROM ${archive}
    UNION ALL
    SELECT ${columns}, greatest(substr(cast("time" AS varchar), 1, 10), '${FIRST_EVENT_DATE}'), "${LANDING_PARTITION}", 1
    FROM ${landing}
  ) AS stored
) AS numbered
WHERE "copy" = 1`;
}
