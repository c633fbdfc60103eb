import type { Connection as StoredConnection } from '../../shared/control/connections.ts';
import type { Ailment, StreamHealth } from '../../shared/polling/health.ts';
import type { Tier } from '../../shared/retention.ts';
import type { Connecting } from '../../shared/sources/connecting.ts';
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

/** A connection as `GET /v1/sources` has it. */
export type Connection = StoredConnection & {
  /** Null where it is not polled. */
  readonly health: Health | null;
  /** Where the vendor pushes to; told to administrators. */
  readonly webhookPath?: string;
};

/** An element of `GET /v1/sources`. */
export interface Source {
  readonly name: string;
  readonly product: string;
  readonly title: string;
  /** How late its events come, in words. */
  readonly lag: string;
  /** In words; null where that is not known. */
  readonly vendorKeeps: string | null;
  readonly tier: Tier;
  readonly types: readonly EventType[];
  /** What one would look for and not find, one short sentence each. */
  readonly notLogged: readonly string[];
  /** Null where nothing is to be connected. */
  readonly connecting: Connecting | null;
  /** Days with hot events, UTC. */
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly connections: readonly Connection[];
}
