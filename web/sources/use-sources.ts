import { useEffect } from 'preact/hooks';
import { api } from '../app/session.ts';
import { type Loaded, useLoad } from '../ui/use-load.ts';
import { limiter } from './limiter.ts';
import type { Intervals } from './strip.ts';
import type { BackfillProgress, Source } from './types.ts';

const MINUTE_MS = 60_000;
const BACKFILL_MS = 4_000;
/** A company may have a hundred connections: their strips come one after another. */
const inTurn = limiter(3);

/** Calls back every so often while the page is in sight; null for never. */
export function useEvery(ms: number | null, run: () => void): void {
  useEffect(() => {
    if (ms === null) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && run(), ms);
    return () => clearInterval(timer);
  }, [ms, run]);
}

/** All sources with their connections, and how these fare; looked up again every minute. */
export function useSources(): Loaded<readonly Source[]> {
  const loaded = useLoad('sources', async (signal) => {
    const { sources } = await api.ask<{ sources: Source[] }>('/v1/sources', { signal });
    return sources;
  });
  useEvery(MINUTE_MS, loaded.reload);
  return loaded;
}

/** What was collected of a connection; null asks for nothing. */
export function useIntervals(connection: string | null): Loaded<Intervals> {
  const loaded = useLoad(connection, (signal) =>
    inTurn(() => {
      signal.throwIfAborted();
      return api.ask<Intervals>(`${pathOf(connection ?? '')}/intervals`, { signal });
    }),
  );
  useEvery(connection === null ? null : MINUTE_MS, loaded.reload);
  return loaded;
}

/** A connection's backfills, the newest first; asked for often while one of them goes on. */
export function useBackfills(connection: string): Loaded<readonly BackfillProgress[]> {
  const loaded = useLoad(connection, async (signal) => {
    const answer = await api.ask<{ backfills: BackfillProgress[] }>(`${pathOf(connection)}/backfills`, { signal });
    return answer.backfills;
  });
  const goesOn = loaded.data?.some(({ state }) => state === 'running' || state === 'waiting') ?? false;
  useEvery(goesOn ? BACKFILL_MS : null, loaded.reload);
  return loaded;
}

/** `/v1/connections/{id}` */
export function pathOf(connection: string): string {
  return `/v1/connections/${encodeURIComponent(connection)}`;
}
