import { useState } from 'preact/hooks';
import type { CanonicalEvent, EventsPage } from '../api/types.ts';
import { api } from '../app/session.ts';
import { feedRoute } from '../feed/route.ts';
import { VendorText } from '../ui/data.tsx';
import { ErrorNote, SkeletonLines } from '../ui/states.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { useLoad } from '../ui/use-load.ts';
import { around, type Neighbours, neighboursOf } from './neighbours.ts';
import { sentenceText } from './sentence.ts';

const MOST = 50;

/** What else happened in its session, by its actor and to its target, an hour to either side. */
export function Around(props: { readonly event: CanonicalEvent; readonly hrefOf: (id: string) => string }) {
  const { event, hrefOf } = props;
  const all = neighboursOf(event);
  const [name, setName] = useState(all[0]?.name);
  const open = all.find((one) => one.name === name) ?? all[0];
  if (!open) return null;
  return (
    <section class="section" aria-labelledby="around">
      <h2 id="around">Around that time</h2>
      <Tabs
        label="In common"
        open={open.name}
        tabs={all.map((one) => ({ value: one.name, label: <VendorText text={one.label} most={40} /> }))}
        onOpen={setName}
      >
        <Others event={event} neighbours={open} hrefOf={hrefOf} />
      </Tabs>
    </section>
  );
}

function Others(props: {
  readonly event: CanonicalEvent;
  readonly neighbours: Neighbours;
  readonly hrefOf: (id: string) => string;
}) {
  const { event, neighbours, hrefOf } = props;
  const range = around(event.time);
  const query = { ...neighbours.filter, ...range, limit: MOST };
  const { data, error, reload } = useLoad(JSON.stringify(query), (signal) =>
    api.ask<EventsPage>('/v1/events', { query, signal }),
  );
  if (error !== undefined) return <ErrorNote error={error} onRetry={reload} />;
  if (!data) return <SkeletonLines lines={3} />;
  const isAlone = data.events.every(({ id }) => id === event.id);
  return (
    <>
      {isAlone && <p class="around-none muted">Nothing else, an hour before and after.</p>}
      {!isAlone && (
        <ol class="around">
          {data.events.map((other) => (
            <li key={other.id} aria-current={other.id === event.id ? 'true' : undefined}>
              <Time at={other.time} as="brief" />
              {other.id === event.id ? (
                <span>This event</span>
              ) : (
                <a href={hrefOf(other.id)} class={other.outcome === 'failure' ? 'failed' : undefined}>
                  <VendorText text={sentenceText(other)} most={200} />
                </a>
              )}
            </li>
          ))}
        </ol>
      )}
      <p class="small">
        <a href={feedRoute.href({ ...neighbours.filter, ...range })}>
          {data.next === null ? 'Show these in the activity' : 'There are more: show all in the activity'}
        </a>
      </p>
    </>
  );
}
