import { manageHref, newConnectionHref } from '../sources/links.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Chip, VendorText } from '../ui/data.tsx';
import { PlusIcon, SourcesIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote, SkeletonLines } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { type Cell, Listing } from './listing.tsx';
import { useTitle } from './sources.ts';
import type { AdminConnection } from './types.ts';
import { useConnections } from './use-admin.ts';

const COLUMNS: readonly Cell<AdminConnection>[] = [
  {
    name: 'Connection',
    width: '26%',
    cell: ({ id, name, origin }) => (
      <>
        <a class="entity-link" href={manageHref(id)}>
          <VendorText text={name} most={80} />
        </a>
        <span class="small muted">
          <VendorText text={origin} most={80} />
        </span>
      </>
    ),
  },
  { name: 'Source', cell: ({ source }) => <Title source={source} /> },
  { name: 'How', cell: (connection) => <How connection={connection} /> },
  { name: 'Secrets', cell: ({ secrets }) => (secrets.length === 0 ? 'None' : secrets.join(', ')) },
  { name: 'Changed', cell: ({ updatedAt }) => <Time at={updatedAt} as="short" /> },
  {
    name: 'Actions',
    width: '88px',
    isActions: true,
    cell: ({ id, name }) => (
      <ButtonLink kind="quiet" compact href={manageHref(id)}>
        Manage<span class="visually-hidden"> {name}</span>
      </ButtonLink>
    ),
  },
];

/** What is connected, to be changed. How it fares is told by the page of sources. */
export function Connections() {
  const { data, error, reload } = useConnections();
  const make = (
    <ButtonLink kind="primary" icon={<PlusIcon />} href={newConnectionHref()}>
      New connection
    </ButtonLink>
  );
  return (
    <div class="admin-groups">
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {data?.length === 0 && (
        <Empty title="Nothing is connected" icon={SourcesIcon} actions={make}>
          A connection is an account of a product whose audit log Annals collects. Applications of your own need none:
          they send events with an API key.
        </Empty>
      )}
      {data && data.length > 0 && (
        <>
          <div class="row spread">
            <p class="muted">
              How each is reached, and with which secrets. How they fare is under <a href="#/sources">Sources</a>.
            </p>
            {make}
          </div>
          <Listing caption="Connections" columns={COLUMNS} rows={data} keyOf={({ id }) => id} />
        </>
      )}
      {!data && error === undefined && <SkeletonLines lines={6} />}
    </div>
  );
}

function Title({ source }: { readonly source: string }) {
  return <>{useTitle()(source)}</>;
}

function How({ connection: { paused, network, webhookPath } }: { readonly connection: AdminConnection }) {
  if (paused === undefined) return <>{webhookPath === undefined ? 'Takes imports' : 'Takes webhooks'}</>;
  if (paused) return <Chip kind="caution">Paused</Chip>;
  return <>{network === 'private' ? 'Polled, inside your network' : 'Polled'}</>;
}
