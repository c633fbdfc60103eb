import { useCallback, useContext, useMemo, useState } from 'preact/hooks';
import { go } from '../app/navigation.ts';
import { EventDrawer } from '../event/drawer.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { Arrivals } from './arrivals.tsx';
import { columnsNamed } from './columns.ts';
import { EventList } from './event-list.tsx';
import { FeedActions } from './feed-actions.tsx';
import { FeedEnd } from './feed-end.tsx';
import { FilterBar } from './filter-bar.tsx';
import { IncompleteBanner } from './incomplete-banner.tsx';
import { firstDayOf, SourcesContext } from './labels.ts';
import { NothingFound } from './nothing-found.tsx';
import { bucketOf } from './range.ts';
import { type FeedState, feedRoute, filterQuery } from './route.ts';
import { FeedSkeleton } from './skeleton.tsx';
import { TimeChart } from './time-chart.tsx';
import { useAsked } from './use-asked.ts';
import { countsKey, useCounts } from './use-counts.ts';
import { queryKey, useFeed } from './use-feed.ts';

/** The activity feed: what is asked for, how much there is of it when, and the events. */
export function Feed({ state }: { readonly state: FeedState }) {
  const filters = filterQuery(state);
  const { to, order } = state;
  const [turn, setTurn] = useState(0);
  const asked = useAsked(state, `${JSON.stringify(filters)} ${turn}`);
  const isLive = order === 'newest' && to === null;
  const feed = useFeed(queryKey(filters, asked.range, order), isLive);
  const sources = useContext(SourcesContext);
  const first = firstDayOf(sources);
  const counted = useCounts(countsKey(filters, asked.range, bucketOf(asked.range, asked.now), first));

  const latest = useMemo(() => ({ state }), []);
  latest.state = state;
  const change = useCallback(
    (part: Partial<FeedState>) => go(feedRoute.href({ ...latest.state, event: null, ...part })),
    [latest],
  );
  const hrefOf = useCallback((id: string) => feedRoute.href({ ...latest.state, event: id }), [latest, state]);
  const open = useCallback(
    (event: string | null) =>
      go(feedRoute.href({ ...latest.state, event }), latest.state.event === null ? 'push' : 'replace'),
    [latest],
  );
  const reload = () => setTurn((before) => before + 1);
  const columns = useMemo(() => columnsNamed(state.columns), [state.columns.join()]);
  const isEmpty = feed.isBegun && feed.events.length === 0 && feed.isEnd;

  return (
    <div class="page feed-page">
      <header class="page-head">
        <h1>Activity</h1>
        <FeedActions state={state} range={asked.range} onChange={change} onReload={reload} />
      </header>
      <FilterBar state={state} events={feed.events} onChange={change} />
      <TimeChart state={state} asked={asked} counted={counted} events={feed} first={first} onChange={change} />
      <IncompleteBanner incomplete={feed.incomplete} />
      {isLive && <Arrivals count={feed.arrived.length} hasMore={feed.hasArrivedMore} onShow={feed.show} />}
      {feed.events.length > 0 && (
        <EventList
          events={feed.events}
          columns={columns}
          open={state.event}
          hrefOf={hrefOf}
          onOpen={open}
          onNearEnd={feed.more}
          isLoading={feed.isLoading}
        />
      )}
      {feed.error !== undefined && (
        <ErrorNote what="The events could not be loaded." error={feed.error} onRetry={feed.more} />
      )}
      {isEmpty && <NothingFound state={state} sources={sources} onChange={change} isCut={feed.incomplete.length > 0} />}
      {!feed.isBegun && feed.error === undefined && <FeedSkeleton />}
      {feed.isBegun && feed.error === undefined && !isEmpty && <FeedEnd feed={feed} />}
      {state.event !== null && (
        <EventDrawer id={state.event} events={feed.events} hrefOf={hrefOf} onClose={() => open(null)} />
      )}
    </div>
  );
}
