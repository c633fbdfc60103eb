import type { SavedSearch } from '../api/types.ts';
import { valuesOf } from './search-state.ts';

export interface Groups {
  readonly mine: readonly SavedSearch[];
  /** Of others, for everybody. */
  readonly shared: readonly SavedSearch[];
  /** They come with the sources; those of sources that have events first. */
  readonly suggested: readonly SavedSearch[];
}

/** @param collected the sources that there are events of. */
export function groupsOf(searches: readonly SavedSearch[], collected: ReadonlySet<string>): Groups {
  const isCollected = ({ query }: SavedSearch) => valuesOf(query, 'source').some((name) => collected.has(name));
  const suggested = searches.filter((one) => one.suggested);
  return {
    mine: searches.filter((one) => one.mine),
    shared: searches.filter((one) => !one.mine && !one.suggested),
    suggested: [...suggested.filter(isCollected), ...suggested.filter((one) => !isCollected(one))],
  };
}
