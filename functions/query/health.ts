import { type Connection, isPaused, type StoredConnection, shown } from '../../shared/control/connections.ts';
import { adviceFor } from '../../shared/polling/advice.ts';
import { AILMENTS, type Ailment, healthOf, type StreamHealth } from '../../shared/polling/health.ts';
import type { Job } from '../../shared/polling/job.ts';
import { orProblem } from '../http/connection.ts';

/** How a polled connection fares. */
export interface Health {
  readonly paused: boolean;
  /** What keeps it from being polled at all, in words. */
  readonly problem: string | null;
  /** What needs a look; nothing while it is paused. */
  readonly ailments: readonly Ailment[];
  /** Each stream that has begun; `lastError` with what to do about it. */
  readonly streams: readonly (StreamHealth & { readonly advice: string | null })[];
}

/** The connection as it is shown, with its health; null for one that is not polled. */
export function withHealth(
  connection: StoredConnection,
  jobs: readonly Job[],
  now: Date,
): Connection & { readonly health: Health | null } {
  return { ...shown(connection), health: healthFor(connection, jobs, now) };
}

function healthFor(connection: StoredConnection, jobs: readonly Job[], now: Date): Health | null {
  const polled = orProblem(connection);
  if (polled === undefined) return null;
  const paused = isPaused(connection);
  if (typeof polled === 'string') return { paused, problem: polled, ailments: [], streams: [] };
  const streams = healthOf(connection, polled.collector, jobs, now).map((stream) => ({
    ...stream,
    advice: (stream.lastError && adviceFor(stream.lastError.code)) ?? null,
  }));
  const has = new Set(paused ? [] : streams.flatMap(({ ailments }) => ailments));
  return { paused, problem: null, ailments: AILMENTS.filter((ailment) => has.has(ailment)), streams };
}
