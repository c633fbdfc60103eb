import { useEffect } from 'preact/hooks';
import { feedRoute } from '../feed/route.ts';
import { SkeletonLines } from '../ui/states.tsx';
import { EventDetail } from './detail.tsx';
import { MissingEvent } from './missing.tsx';
import { sentenceText } from './sentence.ts';
import { useEvent } from './use-event.ts';

/** `#/events/<id>` */
export function EventPage({ id }: { readonly id: string }) {
  const { data, error, reload } = useEvent(id);
  useEffect(() => {
    if (data) document.title = `${sentenceText(data).slice(0, 120)} · Annals`;
  }, [data]);
  return (
    <div class="page event-page">
      <nav aria-label="Where this is" class="crumbs">
        <a href={feedRoute.href()}>Activity</a> <span aria-hidden="true">/</span> <span>Event</span>
      </nav>
      {!data && <h1 class="visually-hidden">Event</h1>}
      {error !== undefined && <MissingEvent id={id} error={error} onRetry={reload} />}
      {data && <EventDetail event={data} heading="h1" hrefOf={(other) => feedRoute.href({}, other)} />}
      {!data && error === undefined && <SkeletonLines lines={10} />}
    </div>
  );
}
