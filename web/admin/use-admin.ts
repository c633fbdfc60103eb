import type { EventsPage } from '../api/types.ts';
import { useScope } from '../app/me.ts';
import { api } from '../app/session.ts';
import type { Source } from '../sources/types.ts';
import { type Loaded, useLoad } from '../ui/use-load.ts';
import type { AdminConnection, ApiKey, Hold } from './types.ts';

export function useApiKeys(): Loaded<readonly ApiKey[]> {
  return useLoad('keys', async (signal) => (await api.ask<{ keys: ApiKey[] }>('/v1/keys', { signal })).keys);
}

export function useConnections(): Loaded<readonly AdminConnection[]> {
  return useLoad('connections', async (signal) => {
    const { connections } = await api.ask<{ connections: AdminConnection[] }>('/v1/connections', { signal });
    return connections;
  });
}

export function useConnection(id: string): Loaded<AdminConnection> {
  return useLoad(id, (signal) => api.ask<AdminConnection>(connectionPath(id), { signal }));
}

/** What can be connected, and how. */
export function useAllSources(): Loaded<readonly Source[]> {
  return useLoad(
    'sources',
    async (signal) => (await api.ask<{ sources: Source[] }>('/v1/sources', { signal })).sources,
  );
}

/** Legal holds, the one made last first. */
export function useHolds(): Loaded<readonly Hold[]> {
  return useLoad('holds', async (signal) => {
    const { holds } = await api.ask<{ holds: Hold[] }>('/v1/holds', { signal });
    return holds.toReversed();
  });
}

/** Who made which key, as far as the newest thousand events tell; keys that were made by command have no maker here. */
export function useMakers(): Pick<Loaded<ReadonlyMap<string, string>>, 'data' | 'reload'> {
  const mayRead = useScope('read');
  return useLoad(mayRead ? 'makers' : null, async (signal) => {
    const query = { source: 'annals.audit', action: 'key.create', fields: 'actor,targets', limit: 1_000 };
    const { events } = await api.ask<Pick<EventsPage, 'events'>>('/v1/events', { query, signal });
    return new Map(
      events.flatMap(({ actor, targets: [key] }) => (key?.id && actor.name ? [[key.id, actor.name] as const] : [])),
    );
  });
}

export function connectionPath(id: string): string {
  return `/v1/connections/${encodeURIComponent(id)}`;
}

export function keyPath(id: string): string {
  return `/v1/keys/${encodeURIComponent(id)}`;
}
