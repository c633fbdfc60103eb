import { eventDate } from '../../shared/archive/event-date.ts';
import type { CanonicalEvent } from '../api/types.ts';

/** The event as JSON, as the API gives it. */
export function asJson(event: CanonicalEvent): string {
  return JSON.stringify(event, null, 2);
}

/** A command that asks the API for it; the key is read from the environment, so that it stays out of the shell's history. */
export function asCurl(event: Pick<CanonicalEvent, 'id'>, origin: string): string {
  return `curl -sS '${origin}/v1/events/${event.id}' -H "authorization: Bearer $ANNALS_KEY"`;
}

/** SQL that finds it in the archive, good for Athena and `npm run sql`; the first conditions keep the scan small. */
export function asSql({ id, time, tenant, source }: Pick<CanonicalEvent, 'id' | 'time' | 'tenant' | 'source'>): string {
  const conditions = [
    `event_date = ${quote(eventDate(time))}`,
    `tenant = ${quote(tenant)}`,
    `source = ${quote(source)}`,
    `id = ${quote(id)}`,
  ];
  return `select * from events where ${conditions.join(' and ')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
