import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import type { Feed } from './use-feed.ts';

/** Below the last row: that more is on its way, or that this is all. */
export function FeedEnd({ feed }: { readonly feed: Feed }) {
  const { isLoading, isEnd, events, more } = feed;
  if (isEnd) return <p class="feed-end">That is all: {plural(events.length, 'event')}.</p>;
  if (isLoading) {
    return (
      <p class="feed-end">{events.length === 0 ? 'Nothing found so far. Looking further back…' : 'Loading more…'}</p>
    );
  }
  return (
    <p class="feed-end">
      <Button onClick={more}>{events.length === 0 ? 'Look further back' : 'Load more'}</Button>
    </p>
  );
}
