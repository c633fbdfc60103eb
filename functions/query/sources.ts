import { isCustomSource } from '../../shared/event/producer.ts';
import { SOURCES, sourceNamed, tierOf } from '../../shared/sources/registry.ts';
import type { DayRow } from '../../shared/store/days.ts';
import { environment } from '../environment.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { connections, eventStore, jobs } from '../services.ts';
import { withHealth } from './health.ts';

/** `GET /v1/sources`: every source that Annals knows or that has sent events, and what is known of it. */
export async function list({ key, now }: ApiRequest): Promise<Answer> {
  const [days, made, collecting] = await Promise.all([
    eventStore().days.list(key.tenant),
    connections().list(key.tenant),
    jobs().ofTenant(key.tenant),
  ]);
  const bySource = Map.groupBy(days, ({ source }) => source);
  const names = [...new Set([...SOURCES.map(({ name }) => name), 'custom', ...bySource.keys()])].sort();
  const tiers = environment('TIERS');
  const sources = names
    .filter((name) => !key.sources || key.sources.includes(name))
    .map((name) => ({
      ...describe(name),
      tier: tierOf(name, tiers),
      connections: made.filter(({ source }) => source === name).map((one) => withHealth(one, collecting, now)),
      ...seen(bySource.get(name) ?? []),
    }));
  return { status: 200, body: { sources } };
}

function describe(name: string) {
  const source = sourceNamed(name);
  if (source) {
    const { product, title, lag, types } = source;
    return { name, product, title, lag, types };
  }
  const title = isCustomSource(name) ? 'Events that applications send' : name;
  return { name, product: name.split('.').at(-1) ?? name, title, lag: 'immediate', types: [] };
}

/** Days are in order, oldest first. */
function seen(days: readonly DayRow[]) {
  const types = new Set(days.flatMap((day) => day.types));
  return {
    firstDay: days[0]?.date ?? null,
    lastDay: days.at(-1)?.date ?? null,
    typesSeen: [...types].filter((type) => type !== '-').sort(),
  };
}
