import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { EventsPage } from '../api/types.ts';
import { api } from '../app/session.ts';
import { useStore } from '../app/store.ts';
import { type Loaded, Pager } from './pager.ts';
import type { Range } from './range.ts';

const LOOK_MS = 5_000;

export interface Feed extends Loaded {
  readonly more: () => void;
  /** Shows what has arrived. */
  readonly show: () => void;
  /** Loads all anew. */
  readonly reload: () => void;
}

/**
 * The events of a query, and what arrives while one looks.
 *
 * @param query Names the query: as JSON, the parameters of `GET /v1/events` without paging.
 */
export function useFeed(query: string, isLive: boolean): Feed {
  const [turn, setTurn] = useState(0);
  const pager = useMemo(
    () =>
      new Pager((cursor, limit, signal) =>
        api.ask<EventsPage>('/v1/events', { query: { ...JSON.parse(query), cursor, limit }, signal }),
      ),
    [query, turn],
  );
  useEffect(() => {
    void pager.more();
    return () => pager.stop();
  }, [pager]);
  useEffect(() => {
    if (!isLive) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void pager.look();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [pager, isLive]);
  const loaded = useStore(pager);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return {
    ...loaded,
    more: useCallback(() => void pager.more(), [pager]),
    show: useCallback(() => (pager.value.hasArrivedMore ? reload() : pager.show()), [pager, reload]),
    reload,
  };
}

/** The parameters of a query as text, equal for equal queries. */
export function queryKey(filters: Readonly<Record<string, unknown>>, range: Range, order: string): string {
  return JSON.stringify({ ...filters, ...range, ...(order !== 'newest' && { order }) });
}
