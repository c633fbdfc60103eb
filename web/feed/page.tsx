import type { PageProps } from '../app/pages.ts';
import { EventPage } from '../event/page.tsx';
import { Feed } from './feed.tsx';
import { feedRoute } from './route.ts';
import { WithSources } from './with-sources.tsx';

/** `#/events` is the feed, `#/events/<id>` one event. */
export function FeedPage({ place }: PageProps) {
  return (
    <WithSources>
      {place.id === null ? <Feed state={feedRoute.read(place)} /> : <EventPage key={place.id} id={place.id} />}
    </WithSources>
  );
}
