import { useEffect, useState } from 'preact/hooks';
import { useScope } from '../app/me.ts';
import { feedRoute } from '../feed/route.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { VendorText } from '../ui/data.tsx';
import { SourcesIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote, Note, SkeletonLines } from '../ui/states.tsx';
import { useNow } from '../ui/time.tsx';
import { BackfillDialog } from './backfill-dialog.tsx';
import { Backfills } from './backfills.tsx';
import { CollectedPart } from './collected.tsx';
import { Facts } from './facts.tsx';
import { manageHref } from './links.ts';
import { sourcesRoute } from './route.ts';
import { statusOf, type Trouble, troublesOf } from './status.ts';
import { StatusMark } from './status-mark.tsx';
import { StreamsTable } from './streams-table.tsx';
import { TestResult, useTest } from './test-result.tsx';
import { Troubles } from './troubles.tsx';
import type { Connection, ConnectionTest, Source } from './types.ts';
import { useBackfills, useIntervals, useSources } from './use-sources.ts';

type State = ReturnType<typeof sourcesRoute.read>;

/** All that is known of one connection, and what can be done with it. */
export function ConnectionDetail({ id, state }: { readonly id: string; readonly state: State }) {
  const { data, error, reload } = useSources();
  const source = data?.find(({ connections }) => connections.some((one) => one.id === id));
  const connection = source?.connections.find((one) => one.id === id);
  useEffect(() => {
    if (connection) document.title = `${connection.name} · Sources · Annals`;
  }, [connection?.name]);
  return (
    <div class="page connection-page">
      <p class="small">
        <a href={sourcesRoute.href({ span: state.span })}>Sources</a>
      </p>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {source && connection ? (
        <Loaded source={source} connection={connection} state={state} reload={reload} />
      ) : data ? (
        <>
          <h1 class="visually-hidden">Connection</h1>
          <Empty
            title="There is no such connection"
            icon={SourcesIcon}
            actions={<ButtonLink href={sourcesRoute.href()}>See every source</ButtonLink>}
          >
            It was deleted, or belongs to another tenant, or the key does not reach its source.
          </Empty>
        </>
      ) : (
        error === undefined && <SkeletonLines lines={8} />
      )}
    </div>
  );
}

interface LoadedProps {
  readonly source: Source;
  readonly connection: Connection;
  readonly state: State;
  readonly reload: () => void;
}

function Loaded({ source, connection, state, reload }: LoadedProps) {
  const { id, name, health } = connection;
  const isAdmin = useScope('admin');
  const now = useNow();
  const test = useTest(id, reload);
  return (
    <>
      <header class="page-head">
        <div>
          <h1 class="row">
            <VendorText text={name} most={80} />
            <StatusMark status={statusOf(connection)} />
          </h1>
          <p>
            {source.title} of <VendorText text={connection.origin} most={120} />
          </p>
        </div>
        <div class="row">
          {isAdmin && health && (
            <Button busy={test.isRunning} onClick={test.run}>
              {test.isRunning ? 'Asking the vendor…' : 'Test'}
            </Button>
          )}
          {isAdmin && <ButtonLink href={manageHref(id)}>Manage</ButtonLink>}
          <ButtonLink href={feedRoute.href({ source: [source.name], connection: [name] })}>Events</ButtonLink>
        </div>
      </header>
      <div class="connection-parts">
        <TestResult test={test} />
        {health?.paused && (
          <Note>
            It is paused: nothing is polled. What happens meanwhile is collected afterwards, if the vendor still has it.
          </Note>
        )}
        <Troubles troubles={troublesOf(connection, now).filter((one) => !isTold(one, test.result))} />
        <Facts source={source} connection={connection} />
        {health && <Polled connection={connection} health={health} state={state} />}
      </div>
    </>
  );
}

/** True for what the test has just said of the same stream. */
function isTold({ stream, said }: Trouble, result: ConnectionTest | undefined): boolean {
  return result?.streams.some((one) => !one.ok && one.stream === stream && one.code === said?.code) ?? false;
}

/** What only a connection has that is polled. */
function Polled(props: {
  readonly connection: Connection;
  readonly health: NonNullable<Connection['health']>;
  readonly state: State;
}) {
  const { connection, health, state } = props;
  const isAdmin = useScope('admin');
  const intervals = useIntervals(connection.id);
  const backfills = useBackfills(connection.id);
  const [asks, setAsks] = useState(false);
  return (
    <>
      <CollectedPart loaded={intervals} state={state} id={connection.id} />
      <Backfills loaded={backfills} onNew={isAdmin && health.problem === null ? () => setAsks(true) : undefined} />
      <StreamsTable streams={health.streams} />
      {asks && (
        <BackfillDialog
          connection={connection}
          streams={health.streams.map(({ stream }) => stream)}
          onClose={() => setAsks(false)}
          onMade={() => {
            backfills.reload();
            intervals.reload();
          }}
        />
      )}
    </>
  );
}
