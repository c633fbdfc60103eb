import { useEffect, useState } from 'preact/hooks';
import type { Query } from '../api/client.ts';
import type { Count, Counts } from '../api/types.ts';
import { api } from '../app/session.ts';
import { DAY_MS, HOUR_MS, type Range } from './range.ts';

export interface Counted {
  readonly counts: readonly Count[];
  /** Time ran out and the rest is being counted. */
  readonly isCounting: boolean;
  readonly approximate: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

type State = Omit<Counted, 'retry'> & { readonly key: string | null };
const NOTHING: State = { key: null, counts: [], isCounting: true, approximate: false, error: undefined };

/** Counts of a query, as they come. `key` is the parameters of `GET /v1/counts` as JSON; null counts nothing yet. */
export function useCounts(key: string | null): Counted {
  const [state, setState] = useState<State>(NOTHING);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    const query = JSON.parse(key) as Query;
    const count = async () => {
      const counts: Count[] = [];
      let cursor: string | null = null;
      do {
        const part: Counts = await api.ask('/v1/counts', { query: { ...query, cursor }, signal: stop.signal });
        if (stop.signal.aborted) return;
        counts.push(...part.counts);
        cursor = part.next;
        const { approximate } = part;
        setState({ key, counts: [...counts], isCounting: cursor !== null, approximate, error: undefined });
      } while (cursor !== null);
    };
    setState((before) => (before.key === key ? { ...before, error: undefined } : NOTHING));
    count().catch((error: unknown) => {
      if (!stop.signal.aborted) setState({ ...NOTHING, key, isCounting: false, error });
    });
    return () => stop.abort();
  }, [key, turn]);
  const { key: _, ...counted } = state.key === key ? state : NOTHING;
  return { ...counted, retry: () => setTurn((before) => before + 1) };
}

/**
 * The parameters that count a query. Days are counted whole: those the deployment knows without reading an event, and a
 * bar of half a day would mislead.
 *
 * @param first The first day there is anything, for a range without a beginning.
 */
export function countsKey(
  filters: Readonly<Record<string, unknown>>,
  { from, to }: Range,
  by: 'day' | 'hour',
  first: string | null,
): string | null {
  const unit = by === 'day' ? DAY_MS : HOUR_MS;
  const begin = from ?? first;
  if (begin === null) return null;
  const floored = new Date(Math.floor(Date.parse(begin) / unit) * unit).toISOString();
  const ceiled = to === undefined ? {} : { to: new Date(Math.ceil(Date.parse(to) / unit) * unit).toISOString() };
  return JSON.stringify({ ...filters, from: floored, ...ceiled, by });
}
