import type { StoredConnection } from '../shared/control/connections.ts';
import type { JsonObject } from '../shared/json.ts';
import { systemClock } from '../shared/polling/clock.ts';
import type { Stored } from '../shared/polling/outcome.ts';
import { Polling } from '../shared/polling/poll.ts';
import { chunksOf, type TimeLeft } from '../shared/retry.ts';
import { acceptVendorEvents } from '../shared/sources/accept.ts';
import { sourceNamed } from '../shared/sources/registry.ts';
import { connections, eventStore, hastened, jobs, once, secrets } from './services.ts';
import { countDrift } from './telemetry.ts';
import { noteVendorResults, provenanceOf } from './vendor.ts';

/** Canonical events that are prepared and put at once: bounds memory whatever a vendor's page holds. */
const EVENTS_AT_ONCE = 500;

export const polling = once(
  () =>
    new Polling({
      connections: connections(),
      jobs: jobs(),
      hastened: hastened(),
      secrets: secrets(),
      clock: systemClock,
      store,
    }),
);

/** Stores what a vendor's API gave; most of it was often there before, as windows overlap. */
async function store(connection: StoredConnection, events: readonly JsonObject[], timeLeft: TimeLeft): Promise<Stored> {
  const source = sourceNamed(connection.source);
  if (!source) throw new TypeError(`there is no source ${connection.source}`);
  const { prepared, drift } = acceptVendorEvents(source, events, provenanceOf(connection, new Date()));
  countDrift(source.name, drift);
  const times: string[] = [];
  for (const some of chunksOf(prepared, EVENTS_AT_ONCE)) {
    const results = await eventStore().put(some, timeLeft, { mostlyPresent: true });
    await noteVendorResults(some, results);
    times.push(...some.flatMap(({ event }, index) => (results[index]?.status === 'stored' ? [event.time] : [])));
  }
  return { received: prepared.length, times };
}
