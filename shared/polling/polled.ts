import type { StoredConnection } from '../control/connections.ts';
import { sourceNamed } from '../sources/registry.ts';
import type { Collector, Poller } from './poller.ts';

/** A connection with what its source's poller makes of its settings. */
export interface Polled {
  readonly connection: StoredConnection;
  readonly poller: Poller;
  readonly collector: Collector;
}

/**
 * The poller of a connection; undefined when its source has none, or it has no settings and is for importing and pushing
 * only.
 *
 * @throws ZodError when its settings are not what the source wants any more.
 */
export function polledConnection(connection: StoredConnection): Polled | undefined {
  const poller = sourceNamed(connection.source)?.poller;
  if (!poller || connection.settings === undefined) return undefined;
  return { connection, poller, collector: poller.connect(connection.settings) };
}
