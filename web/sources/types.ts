import type { Connection as StoredConnection } from '../../shared/control/connections.ts';
import type { Ailment, StreamHealth } from '../../shared/polling/health.ts';
import type { Tier } from '../../shared/retention.ts';
import type { EventType } from '../../shared/taxonomy.ts';

export type { Collected, KnownGap } from '../../shared/polling/intervals.ts';
export type { BackfillProgress } from '../../shared/polling/progress.ts';
export type { ConnectionTest, StreamTest } from '../../shared/polling/test-result.ts';

/** How a stream fares, with what to do about its last error. */
export type Stream = StreamHealth & { readonly advice: string | null };

export interface Health {
  readonly paused: boolean;
  /** What keeps it from being polled at all. */
  readonly problem: string | null;
  readonly ailments: readonly Ailment[];
  readonly streams: readonly Stream[];
}

/** A connection as `GET /v1/sources` has it. `health` is null where it is not polled. */
export type Connection = StoredConnection & { readonly health: Health | null };

/** An element of `GET /v1/sources`. */
export interface Source {
  readonly name: string;
  readonly product: string;
  readonly title: string;
  /** How late its events come, in words. */
  readonly lag: string;
  readonly tier: Tier;
  readonly types: readonly EventType[];
  /** Days with hot events, UTC. */
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly connections: readonly Connection[];
}
