import { useContext, useMemo } from 'preact/hooks';
import { go } from '../app/navigation.ts';
import type { PageProps } from '../app/pages.ts';
import { EventDrawer } from '../event/drawer.tsx';
import { Arrivals } from '../feed/arrivals.tsx';
import { EventList } from '../feed/event-list.tsx';
import { FeedEnd } from '../feed/feed-end.tsx';
import { IncompleteBanner } from '../feed/incomplete-banner.tsx';
import { firstDayOf, SourcesContext } from '../feed/labels.ts';
import { bucketOf } from '../feed/range.ts';
import { feedRoute } from '../feed/route.ts';
import { FeedSkeleton } from '../feed/skeleton.tsx';
import { TimeChart } from '../feed/time-chart.tsx';
import { TimePicker } from '../feed/time-picker.tsx';
import { useAsked } from '../feed/use-asked.ts';
import { countsKey, useCounts } from '../feed/use-counts.ts';
import { queryKey, useFeed } from '../feed/use-feed.ts';
import { WithSources } from '../feed/with-sources.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Segments } from '../ui/field.tsx';
import { PersonIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote } from '../ui/states.tsx';
import { EntityHeader } from './header.tsx';
import { entityRoute } from './route.ts';
import { TopTypes } from './top-types.tsx';

/** `#/entity/<kind:value>` */
export function EntityPage({ place }: PageProps) {
  if (place.id === null) {
    return (
      <div class="page">
        <h1 class="visually-hidden">Entity</h1>
        <Empty title="Of whom or what?" actions={<ButtonLink href={feedRoute.href()}>Go to the activity</ButtonLink>}>
          Follow a name in the activity to see all that this person, group, device or file did, and what was done to it.
        </Empty>
      </div>
    );
  }
  return (
    <WithSources>
      <Entity key={place.id} id={place.id} state={entityRoute.read(place)} />
    </WithSources>
  );
}

type EntityState = ReturnType<typeof entityRoute.read>;
const FILTER_OF = { both: 'entity', actor: 'actor', target: 'target' } as const;

/** All that one user, group, role, device or file did, and what was done to it. */
function Entity({ id, state }: { readonly id: string; readonly state: EntityState }) {
  const sources = useContext(SourcesContext);
  const filters = { [FILTER_OF[state.as]]: id };
  const asked = useAsked(state, JSON.stringify(filters));
  const isLive = state.to === null;
  const feed = useFeed(queryKey(filters, asked.range, 'newest'), isLive);
  const first = firstDayOf(sources);
  const counted = useCounts(countsKey(filters, asked.range, bucketOf(asked.range, asked.now), first));
  const change = (part: Partial<EntityState>, how?: 'push' | 'replace') =>
    go(entityRoute.href({ ...state, event: null, ...part }, id), how);
  const open = (event: string | null) => change({ event }, state.event === null ? 'push' : 'replace');
  const { last, from, to } = state;
  const hrefOf = useMemo(
    () => (event: string) => entityRoute.href({ ...state, event }, id),
    [id, state.as, last, from, to],
  );
  const isEmpty = feed.isBegun && feed.events.length === 0 && feed.isEnd;
  return (
    <div class="page entity-page">
      <EntityHeader id={id} feed={feed} range={asked.range} filters={filters} />
      <div class="row spread entity-tools">
        <div class="row">
          <TimePicker state={state} onRange={change} />
          <Segments
            label="Events in which it is"
            value={state.as}
            onValue={(as) => change({ as })}
            options={[
              { value: 'both', label: 'Actor or target' },
              { value: 'actor', label: 'Actor' },
              { value: 'target', label: 'Target' },
            ]}
          />
        </div>
        <a href={feedRoute.href({ ...filters, last, from, to })}>Filter in the activity</a>
      </div>
      <TimeChart state={state} asked={asked} counted={counted} events={feed} first={first} onChange={change} />
      <TopTypes counted={counted} filters={filters} range={{ last, from, to }} />
      <IncompleteBanner incomplete={feed.incomplete} />
      {isLive && <Arrivals count={feed.arrived.length} hasMore={feed.hasArrivedMore} onShow={feed.show} />}
      {feed.events.length > 0 && (
        <EventList
          events={feed.events}
          columns={[]}
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
      {isEmpty && (
        <Empty
          title="No activity in this time"
          icon={PersonIcon}
          actions={
            <Button onClick={() => change({ last: 'all', from: null, to: null, as: 'both' })}>Look at all times</Button>
          }
        >
          {feed.incomplete.length > 0
            ? 'Older events may be in the archive: the SQL above finds them.'
            : 'Nothing in this time names it so. Look further back, or for another name: other products may call it differently.'}
        </Empty>
      )}
      {!feed.isBegun && feed.error === undefined && <FeedSkeleton />}
      {feed.isBegun && feed.error === undefined && !isEmpty && <FeedEnd feed={feed} />}
      {state.event !== null && (
        <EventDrawer id={state.event} events={feed.events} hrefOf={hrefOf} onClose={() => open(null)} />
      )}
    </div>
  );
}
