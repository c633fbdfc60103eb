import { useMemo } from 'preact/hooks';
import { type Asked, type RangeState, rangeOf } from './range.ts';

/** The range of a state as it is meant from now on. `key` names what else is asked for: anything new is asked for anew. */
export function useAsked({ last, from, to }: RangeState, key: string): Asked {
  return useMemo(() => {
    const now = Date.now();
    return { now, range: rangeOf({ last, from, to }, now) };
  }, [last, from, to, key]);
}
