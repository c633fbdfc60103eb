import type { Connections, StoredConnection } from '../control/connections.ts';
import { incarnationOf, isPaused } from '../control/connections.ts';
import type { Secrets } from '../control/secrets.ts';
import type { JsonObject } from '../json.ts';
import { mapLimited, type TimeLeft } from '../retry.ts';
import type { Clock } from './clock.ts';
import type { Hastened } from './hasten.ts';
import { type Job, jobKey } from './job.ts';
import type { Jobs } from './jobs.ts';
import type { Stored } from './outcome.ts';
import { isDue, type Task, wantedJobs } from './plan.ts';
import { type Polled, polledConnection } from './polled.ts';
import type { MeasuredVendor, Stream } from './poller.ts';
import { type RunResult, runJob } from './run.ts';
import { VendorClient } from './vendor/client.ts';
import { Transport } from './vendor/transport.ts';

/** Jobs of one connection that run at the same time. */
const LIVE_AT_ONCE = 4;
const OTHERS_AT_ONCE = 2;
const REMEMBERED_PARTS = 20_000;

export interface PollingServices {
  readonly connections: Pick<Connections, 'get'>;
  readonly jobs: Jobs;
  readonly hastened: Hastened;
  readonly secrets: Pick<Secrets, 'current' | 'rotate'>;
  readonly clock: Clock;
  /** Stores events that a connection's vendor gave. */
  readonly store: (connection: StoredConnection, events: readonly JsonObject[], timeLeft: TimeLeft) => Promise<Stored>;
  /** What a connection is to its source's poller. @default polledConnection */
  readonly resolve?: (connection: StoredConnection) => Polled | undefined;
  /** For tests: another vendor in the place of the client. */
  readonly measure?: (vendor: MeasuredVendor) => MeasuredVendor;
  /** For tests: see {@link import('./run.ts').RunContext}. */
  readonly pageMs?: number;
}

/** A polled connection and the way to its vendor. */
type Connected = Polled & { readonly transport: Transport };
/** By stream, the parts that were stored already. */
type Kept = Connected & { readonly done: Map<string, Set<string>> };

/** Runs tasks, and keeps what is good for more than one of them: tokens, open connections, parts already stored. */
export class Polling {
  readonly #services: PollingServices;
  readonly #kept = new Map<string, Kept>();

  constructor(services: PollingServices) {
    this.#services = services;
  }

  /**
   * Runs what is due of a connection in one lane. A connection that is gone or paused has nothing to run.
   *
   * @returns how each job ended.
   */
  async run({ connection: id, lane }: Task, timeLeft: TimeLeft): Promise<RunResult[]> {
    const { connections, jobs, hastened, clock } = this.#services;
    const [tenant = '', name = ''] = id.split('.');
    const connection = await connections.get(tenant, name);
    const polled = connection && !isPaused(connection) ? this.#polled(connection) : undefined;
    if (!connection || !polled) return [];
    const existing = await this.#ensure(connection, polled.collector.streams, await jobs.list(id));
    const wanted = lane === 'live' ? (await hastened.list()).get(id) : undefined;
    const due = existing
      .filter((job) => job.lane === lane && isDue(job, wanted, clock.now()))
      // Those that have waited longest first, so that many take turns.
      .sort((a, b) => ((a.lastRunAt ?? '') < (b.lastRunAt ?? '') ? -1 : 1));
    return mapLimited(due, lane === 'live' ? LIVE_AT_ONCE : OTHERS_AT_ONCE, (job) =>
      this.#runJob(job, polled, existing, timeLeft),
    );
  }

  /**
   * A client of its own for the connection test, which remembers no token of runs before; undefined for a connection that is
   * not polled. Whoever has it closes its transport.
   */
  async client(
    connection: StoredConnection,
    timeLeft: TimeLeft,
  ): Promise<(Connected & { readonly vendor: VendorClient }) | undefined> {
    const { secrets, clock } = this.#services;
    const connected = this.#connect(connection);
    if (!connected) return undefined;
    // Those in the cache may have been replaced a moment ago, and still be good at the vendor.
    await secrets.current(connection.secretReference, clock.now(), Number.POSITIVE_INFINITY);
    return { ...connected, vendor: this.#client(connected, timeLeft) };
  }

  async #runJob(job: Job, polled: Kept, all: readonly Job[], timeLeft: TimeLeft): Promise<RunResult> {
    const { jobs, clock, store, pageMs, measure } = this.#services;
    const client = this.#client(polled, timeLeft, job.skewMs);
    const { connection, poller, collector } = polled;
    const stream = collector.streams.find(({ name }) => name === job.stream);
    if (!stream) return { outcome: 'caught_up', before: job, job };
    const done = polled.done.get(job.stream) ?? new Set();
    if (done.size > REMEMBERED_PARTS) done.clear();
    polled.done.set(job.stream, done);
    return runJob(job, {
      jobs,
      collector,
      stream,
      cursorLasts: poller.cursorLasts,
      pauseMs: poller.pauseMs,
      vendor: measure ? measure(client) : client,
      store: (events) => store(connection, events, timeLeft),
      clock,
      timeLeft,
      done,
      gapReason: reasonOfGap(job, connection),
      swept: sweptRange(job, stream, all),
      ...(pageMs !== undefined && { pageMs }),
    });
  }

  #client({ connection, collector, transport }: Connected, timeLeft: TimeLeft, skewMs = 0): VendorClient {
    const { secrets, clock } = this.#services;
    const { secretReference } = connection;
    return new VendorClient({
      collector,
      transport,
      clock,
      skewMs,
      timeLeft,
      credentials: {
        read: (fresh) => secrets.current(secretReference, clock.now(), fresh ? Number.POSITIVE_INFINITY : undefined),
        keep: (values) => secrets.rotate(secretReference, values, clock.now()),
      },
    });
  }

  #polled(connection: StoredConnection): Kept | undefined {
    const key = `${incarnationOf(connection)}/${connection.updatedAt}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const connected = this.#connect(connection);
    if (!connected) return undefined;
    const made = { ...connected, done: new Map<string, Set<string>>() };
    this.#kept.set(key, made);
    return made;
  }

  #connect(connection: StoredConnection): Connected | undefined {
    const polled = (this.#services.resolve ?? polledConnection)(connection);
    if (!polled) return undefined;
    const { network, allowedAddresses = [], certificateAuthority } = connection;
    const transport = new Transport({
      rules: { privateNetworks: network === 'private', allowed: allowedAddresses },
      certificateAuthority,
    });
    return { ...polled, transport };
  }

  async #ensure(connection: StoredConnection, streams: readonly Stream[], listed: readonly Job[]): Promise<Job[]> {
    const existing = listed.filter(({ incarnation }) => incarnation === incarnationOf(connection));
    const keys = new Set(existing.map(jobKey));
    const missing = wantedJobs(connection, streams).filter((job) => !keys.has(jobKey(job)));
    for (const job of missing) await this.#services.jobs.create(job);
    return [...existing, ...missing];
  }
}

/** Why a job did not read in time what the vendor has deleted since. */
function reasonOfGap({ lastError, watermark, lane }: Job, { pausedAt }: StoredConnection): string {
  if (lane === 'live' && pausedAt !== undefined && pausedAt > watermark) return 'paused';
  if (lastError && lane === 'live') return lastError.code;
  return 'no_longer_kept';
}

/** What of a stream has been read again as late as its events may arrive. */
function sweptRange({ stream: name }: Job, stream: Stream, all: readonly Job[]) {
  const of = (lane: Job['lane']) => all.find((job) => job.lane === lane && job.stream === name);
  const [live, sweep] = [of('live'), of('sweep')];
  if (!live || sweep?.sweptAt === undefined) return undefined;
  const to = new Date(Date.parse(sweep.sweptAt) - stream.lateSeconds * 1_000).toISOString();
  return { from: live.earlier[0]?.from ?? live.from, to };
}
