import { incarnationOf, newConnection, type StoredConnection } from '../../shared/control/connections.ts';
import { type Job, newJob } from '../../shared/polling/job.ts';
import { START } from './polling.ts';

/** So many seconds after {@link START}, as ISO-8601. */
export const at = (seconds: number): string => new Date(START.getTime() + seconds * 1_000).toISOString();

/** A connection that was made at {@link START}. */
export function connectionOf(more: Partial<StoredConnection> = {}): StoredConnection {
  const made = newConnection('main', { name: 'one', source: 'fleet.activities', origin: 'here', settings: {} }, START);
  return { ...made, ...more };
}

/** A job of a connection, from {@link START} on. */
export function jobOf(connection: StoredConnection, more: Partial<Job> = {}): Job {
  const { id, createdAt } = connection;
  const of = { connection: id, incarnation: incarnationOf(connection), stream: 'events', createdAt, from: at(0) };
  return { ...newJob({ ...of, lane: 'live' }), ...more };
}
