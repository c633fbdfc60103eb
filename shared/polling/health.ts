import { incarnationOf, isPaused, type StoredConnection } from '../control/connections.ts';
import type { Job } from './job.ts';
import type { Collector, Stream } from './poller.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A single failure is tried again before anyone needs to know. */
const FAILURES_NOTED = 3;
/** The tick after a connection was made runs it for the first time. */
const FIRST_RUN_MS = 10 * MINUTE_MS;
const LAG_NOTED_MS = 15 * MINUTE_MS;
const EXPIRY_NOTED_MS = 14 * DAY_MS;
/** So many times the usual pause between two events is no chance any more (e^-12 if they come independently). */
const SILENCE_FACTOR = 12;
const SHORTEST_SILENCE_MS = 60 * MINUTE_MS;
const LONGEST_SILENCE_MS = 7 * DAY_MS;

/** What a connection can suffer from; also the names of the metrics that count such connections. */
export const AILMENTS = [
  'ConnectionsFailing',
  'ConnectionsLagging',
  'ConnectionsThrottled',
  'ConnectionsSilent',
  'CredentialsExpiring',
] as const;
export type Ailment = (typeof AILMENTS)[number];

/** How one stream of a connection fares; times are ISO-8601, null where there is none yet. */
export interface StreamHealth {
  readonly stream: string;
  readonly lastRunAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly lastEventAt: string | null;
  /** Everything up to here is stored, but for what arrives late. */
  readonly collectedUpTo: string;
  /** Seconds between that and now. */
  readonly lagSeconds: number;
  readonly failuresInARow: number;
  readonly lastError: { readonly at: string; readonly code: string; readonly message: string } | null;
  readonly throttledUntil: string | null;
  readonly credentialExpiresAt: string | null;
  /** New events a day, the last full days of receipt. */
  readonly eventsPerDay: number;
  /** Events that a sweep found, within the vendor's documented lag. */
  readonly late: number;
  /** Events that only a backfill found, later than documented. */
  readonly lateBeyondLag: number;
  readonly ailments: readonly Ailment[];
}

/** The health of each stream of a connection that has begun, or should have; `jobs` may hold others' too. */
export function healthOf(
  connection: StoredConnection,
  { streams }: Pick<Collector, 'streams'>,
  jobs: readonly Job[],
  now: Date,
): StreamHealth[] {
  const own = jobs.filter(
    ({ connection: id, incarnation }) => id === connection.id && incarnation === incarnationOf(connection),
  );
  return streams.flatMap((stream) => {
    const all = own.filter((job) => job.stream === stream.name);
    const live = all.find(({ lane }) => lane === 'live');
    if (live) return [streamHealth(live, all, stream, now)];
    // Nothing has run yet: soon after the connection was made that is as it should be.
    const waited = now.getTime() - Date.parse(connection.createdAt);
    return waited > FIRST_RUN_MS && !isPaused(connection) ? [neverRun(connection, stream, waited)] : [];
  });
}

/** For each ailment the connections that have it. */
export function ailments(
  polled: readonly { readonly connection: StoredConnection; readonly collector: Collector }[],
  jobs: readonly Job[],
  now: Date,
): Map<Ailment, string[]> {
  const found = polled.map(({ connection, collector }) => ({
    id: connection.id,
    has: new Set(healthOf(connection, collector, jobs, now).flatMap((stream) => stream.ailments)),
  }));
  return new Map(AILMENTS.map((ailment) => [ailment, found.filter(({ has }) => has.has(ailment)).map(({ id }) => id)]));
}

/** A stream that no run has reached: its poll function does not work, or the deployment has none for its network. */
function neverRun({ createdAt }: StoredConnection, stream: Stream, waitedMs: number): StreamHealth {
  return {
    stream: stream.name,
    lastRunAt: null,
    lastSuccessAt: null,
    lastEventAt: null,
    collectedUpTo: createdAt,
    lagSeconds: Math.round(waitedMs / 1_000),
    failuresInARow: 0,
    lastError: null,
    throttledUntil: null,
    credentialExpiresAt: null,
    eventsPerDay: 0,
    late: 0,
    lateBeyondLag: 0,
    ailments: ['ConnectionsFailing'],
  };
}

function streamHealth(live: Job, all: readonly Job[], stream: Stream, now: Date): StreamHealth {
  const sum = (jobs: readonly Job[], field: 'stored' | 'lateBeyondLag') =>
    jobs.reduce((total, job) => total + job[field], 0);
  const lagMs = Math.max(0, now.getTime() - Date.parse(live.watermark));
  const perDay = eventsPerDay(all, now);
  const health = {
    stream: stream.name,
    lastRunAt: live.lastRunAt ?? null,
    lastSuccessAt: live.lastSuccessAt ?? null,
    lastEventAt: latest(all.map(({ lastEventAt }) => lastEventAt)),
    collectedUpTo: live.watermark,
    lagSeconds: Math.round(lagMs / 1_000),
    failuresInARow: live.failures,
    lastError: live.lastError ?? null,
    throttledUntil: live.throttledUntil ?? null,
    credentialExpiresAt: live.credentialExpiresAt ?? null,
    eventsPerDay: Math.round(perDay * 10) / 10,
    late: sum(
      all.filter(({ lane }) => lane === 'sweep'),
      'stored',
    ),
    lateBeyondLag: sum(all, 'lateBeyondLag'),
  };
  const has: Record<Ailment, boolean> = {
    ConnectionsFailing: all.some(({ failures }) => failures >= FAILURES_NOTED),
    ConnectionsLagging: lagMs > stream.settleSeconds * 1_000 + Math.max(LAG_NOTED_MS, 3 * stream.everySeconds * 1_000),
    ConnectionsThrottled: live.throttledUntil !== undefined && lagMs > LAG_NOTED_MS + stream.settleSeconds * 1_000,
    ConnectionsSilent: isSilent(health.lastEventAt, perDay, stream, now),
    CredentialsExpiring:
      live.credentialExpiresAt !== undefined && Date.parse(live.credentialExpiresAt) - now.getTime() < EXPIRY_NOTED_MS,
  };
  return { ...health, ailments: AILMENTS.filter((ailment) => has[ailment]) };
}

/** True when nothing has come for far longer than usual. */
function isSilent(lastEventAt: string | null, perDay: number, stream: Stream, now: Date): boolean {
  if (lastEventAt === null || perDay === 0) return false;
  const usual = (DAY_MS / perDay) * SILENCE_FACTOR;
  const patience = Math.min(Math.max(usual, SHORTEST_SILENCE_MS), LONGEST_SILENCE_MS) + stream.lateSeconds * 1_000;
  return now.getTime() - Date.parse(lastEventAt) > patience;
}

/** Over the full days that are counted, today left out; history that a backfill brought is not a day's events. */
function eventsPerDay(all: readonly Job[], now: Date): number {
  const today = now.toISOString().slice(0, 10);
  const counts = all
    .filter(({ lane }) => lane !== 'backfill')
    .flatMap(({ daily }) => Object.entries(daily))
    .filter(([day]) => day < today);
  const [first] = counts.map(([day]) => day).sort();
  if (first === undefined) return 0;
  const days = Math.max(1, Math.round((Date.parse(today) - Date.parse(first)) / DAY_MS));
  return counts.reduce((total, [, count]) => total + count, 0) / days;
}

function latest(times: readonly (string | undefined)[]): string | null {
  return times.reduce<string | null>((newest, time) => (time && time > (newest ?? '') ? time : newest), null);
}
