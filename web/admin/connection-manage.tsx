import { useEffect, useState } from 'preact/hooks';
import { useScope } from '../app/me.ts';
import { go } from '../app/navigation.ts';
import { api } from '../app/session.ts';
import { sourcesRoute } from '../sources/route.ts';
import { TestResult, useTest } from '../sources/test-result.tsx';
import type { Source } from '../sources/types.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Chip, VendorText } from '../ui/data.tsx';
import { SourcesIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote, Note, SkeletonLines } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { ConfirmByName } from './confirm-by-name.tsx';
import { ConnectionSettings } from './connection-settings.tsx';
import { adminRoute } from './route.ts';
import { SecretsPart } from './secrets-part.tsx';
import { useAdminSources } from './sources.ts';
import type { AdminConnection } from './types.ts';
import { connectionPath, useConnection } from './use-admin.ts';
import { isSecretInPath, webhookAddress } from './webhook-address.ts';

/** One connection, to be changed. */
export function ConnectionManage({ id }: { readonly id: string }) {
  const { data, error, reload } = useConnection(id);
  const sources = useAdminSources();
  // Without its source it can still be paused and deleted.
  const isReady = data && (sources.data || sources.error !== undefined);
  const isGone = typeof error === 'object' && error !== null && 'status' in error && error.status === 404;
  useEffect(() => {
    if (data) document.title = `${data.name} · Admin · Annals`;
  }, [data?.name]);
  return (
    <div class="page admin">
      <p class="small crumbs">
        <a href={adminRoute.href({}, 'connections')}>Connections</a>
      </p>
      {isReady ? (
        <Loaded connection={data} source={sources.data?.find(({ name }) => name === data.source)} onChange={reload} />
      ) : (
        <>
          <h1 class="visually-hidden">Connection</h1>
          {isGone && (
            <Empty
              title="There is no such connection"
              icon={SourcesIcon}
              actions={<ButtonLink href={adminRoute.href({}, 'connections')}>See every connection</ButtonLink>}
            >
              It was deleted, or the address was cut short.
            </Empty>
          )}
          {error === undefined && <SkeletonLines lines={8} />}
        </>
      )}
      {error !== undefined && !isGone && <ErrorNote error={error} onRetry={reload} />}
      {sources.error !== undefined && <ErrorNote error={sources.error} onRetry={sources.reload} />}
    </div>
  );
}

interface Props {
  readonly connection: AdminConnection;
  readonly onChange: () => void;
}

function Loaded({ connection, source, onChange }: Props & { readonly source: Source | undefined }) {
  const { id, name, origin, paused, webhookPath } = connection;
  const connecting = source?.connecting ?? null;
  const mayRead = useScope('read');
  const test = useTest(id, () => {});
  return (
    <>
      <header class="page-head">
        <div>
          <h1 class="row">
            <VendorText text={name} most={80} />
            {paused && <Chip kind="caution">Paused</Chip>}
          </h1>
          <p>
            {source?.title ?? connection.source} of <VendorText text={origin} most={120} />
          </p>
        </div>
        <div class="row">
          {paused !== undefined && (
            <>
              <Button busy={test.isRunning} onClick={test.run}>
                {test.isRunning ? 'Asking the vendor…' : 'Test'}
              </Button>
              <Pause connection={connection} onChange={onChange} />
            </>
          )}
          {mayRead && <ButtonLink href={sourcesRoute.href({}, id)}>How it fares</ButtonLink>}
        </div>
      </header>
      <div class="admin-groups manage">
        <TestResult test={test} />
        {paused && (
          <Note>
            Nothing is polled. What happens meanwhile is collected when it is resumed, as far back as the vendor keeps
            it.
          </Note>
        )}
        {webhookPath !== undefined && <Webhook path={webhookPath} hasSecret={connection.secrets.includes('webhook')} />}
        <SecretsPart connection={connection} connecting={connecting} onChange={onChange} />
        {connecting && (
          <ConnectionSettings
            key={settingsKey(connection)}
            connection={connection}
            connecting={connecting}
            onChange={onChange}
          />
        )}
        <Delete connection={connection} />
      </div>
    </>
  );
}

/** Changes with what the form shows, so that a reload for other reasons keeps what was typed. */
function settingsKey({ settings, tier, network, allowedAddresses, certificateAuthority }: AdminConnection): string {
  return JSON.stringify([settings, tier, network, allowedAddresses, certificateAuthority]);
}

function Pause({ connection, onChange }: Props) {
  const { id, paused } = connection;
  const [isBusy, setBusy] = useState(false);
  const change = async () => {
    setBusy(true);
    try {
      await api.ask(connectionPath(id), { method: 'PATCH', body: { paused: !paused } });
      toast(paused ? 'Resumed: it is polled within a minute.' : 'Paused.');
      onChange();
    } catch (cause) {
      toast(cause instanceof Error ? cause.message : 'It could not be changed.');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button busy={isBusy} onClick={change}>
      {paused ? 'Resume' : 'Pause'}
    </Button>
  );
}

function Webhook({ path, hasSecret }: { readonly path: string; readonly hasSecret: boolean }) {
  const address = webhookAddress(location.origin, path, null);
  return (
    <section class="panel" aria-labelledby="webhook">
      <h2 id="webhook">Webhook address</h2>
      <div class="secret">
        <code>{address}</code>
        <CopyButton label="Copy the webhook address" text={address} />
      </div>
      {isSecretInPath(path) && hasSecret && (
        <p class="small muted">
          <code>{'{secret}'}</code> stands for the webhook secret, which can’t be looked up. Replace it if it is lost.
        </p>
      )}
      {!hasSecret && (
        <p class="small muted">It takes nothing yet: the connection has no webhook secret. Set one below.</p>
      )}
    </section>
  );
}

function Delete({ connection: { id, name } }: { readonly connection: AdminConnection }) {
  const [asks, setAsks] = useState(false);
  const remove = async () => {
    await api.ask<void>(connectionPath(id), { method: 'DELETE' });
    toast(`Deleted “${name}”.`);
    go(adminRoute.href({}, 'connections'), 'replace');
  };
  return (
    <section class="panel" aria-labelledby="delete">
      <h2 id="delete">Delete</h2>
      <div class="row spread">
        <p class="muted">Its secrets and its position are removed. Its events stay.</p>
        <Button kind="danger" onClick={() => setAsks(true)}>
          Delete the connection
        </Button>
      </div>
      {asks && (
        <ConfirmByName
          title="Delete this connection"
          word={name}
          action="Delete it"
          run={remove}
          onClose={() => setAsks(false)}
        >
          <p>
            Nothing of it is collected from now on, and webhooks to it are refused. Made again under its name it begins
            anew; what it collects again is stored once.
          </p>
        </ConfirmByName>
      )}
    </section>
  );
}
