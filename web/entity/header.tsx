import { useEffect, useMemo } from 'preact/hooks';
import type { EventsPage } from '../api/types.ts';
import { api } from '../app/session.ts';
import { kindWords } from '../event/naming.ts';
import type { Range } from '../feed/range.ts';
import { feedRoute } from '../feed/route.ts';
import type { Feed } from '../feed/use-feed.ts';
import { Chip, VendorText } from '../ui/data.tsx';
import { Time } from '../ui/time.tsx';
import { useLoad } from '../ui/use-load.ts';
import { namesOf } from './names.ts';

const MOST = 4;

/** Who or what it is, by all its names, and when it was first and last seen in the time asked for. */
export function EntityHeader(props: {
  readonly id: string;
  readonly feed: Feed;
  readonly range: Range;
  readonly filters: Readonly<Record<string, string>>;
}) {
  const { id, feed, range, filters } = props;
  const names = useMemo(() => namesOf(id, feed.events), [id, feed.events]);
  const query = { ...filters, ...range, order: 'oldest', limit: 1 };
  const first = useLoad(JSON.stringify(query), (signal) => api.ask<EventsPage>('/v1/events', { query, signal }));
  const firstSeen = first.data?.events[0]?.time;
  const lastSeen = feed.events[0]?.time;
  useEffect(() => {
    document.title = `${names.title} · Annals`;
  }, [names.title]);
  const kinds = new Set(names.kinds.map((kind) => kindWords(kind).toLowerCase()));
  const roles = names.roles.filter((role) => !kinds.has(role.toLowerCase()));
  const others = [...names.names, ...names.emails, ...names.ids].filter((one) => one !== names.title);
  return (
    <header class="entity-head">
      <nav aria-label="Where this is" class="crumbs">
        <a href={feedRoute.href()}>Activity</a> <span aria-hidden="true">/</span> <span>Entity</span>
      </nav>
      <h1>
        <VendorText text={names.title} most={200} />
      </h1>
      <p class="row">
        {names.kinds.slice(0, MOST).map((kind) => (
          <Chip key={kind}>
            <VendorText text={kindWords(kind)} most={40} />
          </Chip>
        ))}
        {roles.slice(0, MOST).map((role) => (
          <Chip key={role}>
            Role <VendorText text={role} most={40} />
          </Chip>
        ))}
        {others.slice(0, 2 * MOST).map((name) => (
          <code key={name} class="muted">
            <VendorText text={name} most={80} />
          </code>
        ))}
      </p>
      <dl class="entity-seen">
        <div>
          <dt>First seen in this time</dt>
          <dd>{firstSeen ? <Time at={firstSeen} as="short" /> : '–'}</dd>
        </div>
        <div>
          <dt>Last seen</dt>
          <dd>{lastSeen ? <Time at={lastSeen} /> : '–'}</dd>
        </div>
      </dl>
    </header>
  );
}
