import { type Incomplete, incompleteSources } from '../../shared/query/coverage.ts';
import type { EventFilter } from '../../shared/query/filter.ts';
import { tierOf } from '../../shared/sources/registry.ts';
import { environment } from '../environment.ts';
import { eventStore } from '../services.ts';

/** The sources of which the time that a filter asks for is no longer all hot. */
export async function findIncomplete(tenant: string, filter: EventFilter, now: Date): Promise<Incomplete[]> {
  const { from, to } = filter;
  if (from === undefined) return [];
  const tiers = environment('TIERS');
  const range = { from: from.slice(0, 10), ...(to !== undefined && { to: to.slice(0, 10) }) };
  const days = await eventStore().days.list(tenant, range);
  return incompleteSources(tenant, filter, days, (source) => tierOf(source, tiers), now.getTime());
}
