import type { SourceSummary } from '../api/types.ts';
import { useScope } from '../app/me.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { ActivityIcon, SearchIcon } from '../ui/icons.tsx';
import { Empty } from '../ui/states.tsx';
import { type FeedState, feedRoute, isUnfiltered } from './route.ts';

/** Why no event is shown: nothing has come yet, nothing matches, or it lies beyond what is hot. */
export function NothingFound(props: {
  readonly state: FeedState;
  readonly sources: ReadonlyMap<string, SourceSummary>;
  /** Part of the time asked for is no longer hot. */
  readonly isCut: boolean;
  readonly onChange: (change: Partial<FeedState>) => void;
}) {
  const { state, sources, isCut, onChange } = props;
  const isAdmin = useScope('admin');
  const isUnknown = sources.size === 0;
  const hasAny = isUnknown || [...sources.values()].some(({ lastDay }) => lastDay !== null);
  if (!hasAny) {
    return (
      <Empty
        title="Nothing here yet"
        icon={ActivityIcon}
        actions={isAdmin && <ButtonLink href="#/sources">Connect a source</ButtonLink>}
      >
        No event has reached this deployment. Connect a product, or send events of your own applications to POST
        /v1/events; they appear here within seconds.
      </Empty>
    );
  }
  const { last, columns, order } = state;
  return (
    <Empty
      title="Nothing matches"
      icon={SearchIcon}
      actions={
        <>
          {!isUnfiltered(state) && (
            <Button
              onClick={() => onChange({ ...feedRoute.initial, last, columns, order, from: state.from, to: state.to })}
            >
              Clear the filters
            </Button>
          )}
          {(last !== 'all' || state.from !== null || state.to !== null) && (
            <Button onClick={() => onChange({ last: 'all', from: null, to: null })}>Look at all times</Button>
          )}
        </>
      }
    >
      {isCut
        ? 'Nothing that can be searched here matches. Older events may be in the archive: the SQL above finds them.'
        : 'No event in this time matches the filters. Take away a filter, or look further back.'}
    </Empty>
  );
}
