import type { StoredConnection } from '../../shared/control/connections.ts';
import { isCustomSource } from '../../shared/event/producer.ts';
import { SOURCES, sourceNamed, tierOf } from '../../shared/sources/registry.ts';
import type { DayRow } from '../../shared/store/days.ts';
import { environment } from '../environment.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { webhookPathOf } from '../http/connection.ts';
import { connections, eventStore, jobs } from '../services.ts';
import { withHealth } from './health.ts';

/**
 * `GET /v1/sources`: every source that Annals knows or that has sent events, and what is known of it. Administrators connect
 * by it; which days and types of events there are, and sources by these, is told to those who may read alone.
 */
export async function list({ key, now }: ApiRequest): Promise<Answer> {
  const [days, made, collecting] = await Promise.all([
    key.scopes.includes('read') ? eventStore().days.list(key.tenant) : [],
    connections().list(key.tenant),
    jobs().ofTenant(key.tenant),
  ]);
  const isAdmin = key.scopes.includes('admin');
  const bySource = Map.groupBy(days, ({ source }) => source);
  const names = [...new Set([...SOURCES.map(({ name }) => name), 'custom', ...bySource.keys()])].sort();
  const tiers = environment('TIERS');
  const sources = names
    .filter((name) => !key.sources || key.sources.includes(name))
    .map((name) => ({
      ...describe(name),
      tier: tierOf(name, tiers),
      connections: made
        .filter(({ source }) => source === name)
        .map((one) => ({ ...withHealth(one, collecting, now), ...(isAdmin && addressOf(one)) })),
      ...seen(bySource.get(name) ?? []),
    }));
  return { status: 200, body: { sources } };
}

function describe(name: string) {
  const source = sourceNamed(name);
  if (source) {
    const { product, title, lag, vendorKeeps, types, notLogged, connecting = null, webhook } = source;
    const door = webhook ? { tokenInPath: webhook.tokenInPath ?? false } : null;
    return { name, product, title, lag, vendorKeeps, types, notLogged, connecting, webhook: door };
  }
  const title = isCustomSource(name) ? 'Events that applications send' : name;
  const product = name.split('.').at(-1) ?? name;
  const nothing = { vendorKeeps: null, types: [], notLogged: [], connecting: null, webhook: null };
  return { name, product, title, lag: 'immediate', ...nothing };
}

/** Only administrators need it. */
function addressOf(connection: StoredConnection): { webhookPath?: string } {
  const webhookPath = webhookPathOf(connection);
  return webhookPath === undefined ? {} : { webhookPath };
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
