import { entityRoute } from '../entity/route.ts';
import { Button } from '../ui/button.tsx';
import { Chip, VendorText } from '../ui/data.tsx';
import { Time } from '../ui/time.tsx';
import { endsSoon, isIdle, stateOf } from './key-facts.ts';
import { type Cell, Listing } from './listing.tsx';
import { useTitle } from './sources.ts';
import type { ApiKey } from './types.ts';

export interface KeyAct {
  readonly does: 'rotate' | 'revoke';
  readonly key: ApiKey;
}

export function KeysTable(props: {
  readonly caption: string;
  readonly keys: readonly ApiKey[];
  /** By `key_<id>`: the name of the key that made it. */
  readonly makers: ReadonlyMap<string, string>;
  /** The id of the key that one is signed in with. */
  readonly mine: string;
  readonly now: number;
  readonly onAct: (act: KeyAct) => void;
}) {
  const { caption, keys, makers, mine, now, onAct } = props;
  const columns: readonly Cell<ApiKey>[] = [
    { name: 'Key', width: '22%', cell: (key) => <Name apiKey={key} isMine={key.id === mine} /> },
    { name: 'May', width: '13%', cell: ({ scopes }) => <Scopes scopes={scopes} /> },
    { name: 'Sources', cell: ({ sources }) => <Sources sources={sources} /> },
    { name: 'Last used', width: '13%', cell: (key) => <LastUse apiKey={key} now={now} /> },
    { name: 'Ends', width: '14%', cell: (key) => <End apiKey={key} now={now} /> },
    { name: 'Made', width: '14%', cell: (key) => <Made apiKey={key} by={makers.get(`key_${key.id}`)} /> },
    {
      name: 'Actions',
      width: '140px',
      isActions: true,
      cell: (key) =>
        stateOf(key, now) === 'good' && (
          <>
            <Button kind="quiet" compact label={`Rotate ${key.name}`} onClick={() => onAct({ does: 'rotate', key })}>
              Rotate
            </Button>
            <Button kind="quiet" compact label={`Revoke ${key.name}`} onClick={() => onAct({ does: 'revoke', key })}>
              Revoke
            </Button>
          </>
        ),
    },
  ];
  return (
    <Listing
      caption={caption}
      columns={columns}
      rows={keys}
      keyOf={({ id }) => id}
      isFaded={(key) => stateOf(key, now) !== 'good'}
    />
  );
}

function Name({ apiKey: { id, name }, isMine }: { readonly apiKey: ApiKey; readonly isMine: boolean }) {
  return (
    <>
      <span class="listing-name">
        <a class="entity-link" href={entityRoute.href({}, `key_${id}`)} title="What it did here">
          <VendorText text={name} most={80} />
        </a>
        {isMine && <Chip kind="good">You</Chip>}
      </span>
      <code class="faint">{id}</code>
    </>
  );
}

function Scopes({ scopes }: Pick<ApiKey, 'scopes'>) {
  return (
    <span class="chips">
      {scopes.map((scope) => (
        <Chip key={scope}>{scope}</Chip>
      ))}
    </span>
  );
}

const MOST_SOURCES = 2;

function Sources({ sources }: Pick<ApiKey, 'sources'>) {
  const titleOf = useTitle();
  if (!sources) return <span class="muted">All</span>;
  const shown = sources.slice(0, MOST_SOURCES).map(titleOf).join(', ');
  const more = sources.length - MOST_SOURCES;
  return (
    <span title={sources.join(', ')}>
      {shown}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}

function LastUse({ apiKey, now }: { readonly apiKey: ApiKey; readonly now: number }) {
  const { lastUsedAt } = apiKey;
  const when = lastUsedAt === null ? <span class="muted">Never</span> : <Time at={lastUsedAt} />;
  if (!isIdle(apiKey, now)) return when;
  return (
    <>
      {when} <Chip kind="caution">Not needed?</Chip>
    </>
  );
}

function End({ apiKey, now }: { readonly apiKey: ApiKey; readonly now: number }) {
  const { revokedAt, expiresAt } = apiKey;
  if (revokedAt !== undefined) {
    return (
      <>
        Revoked <Time at={revokedAt} />
      </>
    );
  }
  if (expiresAt === undefined) return <span class="muted">Never</span>;
  const isOver = stateOf(apiKey, now) === 'expired';
  return (
    <>
      {isOver && 'Expired '}
      <Time at={expiresAt} as={isOver ? 'relative' : 'short'} />
      {endsSoon(apiKey, now) && (
        <>
          {' '}
          <Chip kind="caution">Soon</Chip>
        </>
      )}
    </>
  );
}

function Made({ apiKey, by }: { readonly apiKey: ApiKey; readonly by: string | undefined }) {
  return (
    <>
      <Time at={apiKey.createdAt} as="short" />
      {by !== undefined && (
        <span class="small muted second">
          by <VendorText text={by} most={60} />
        </span>
      )}
    </>
  );
}
