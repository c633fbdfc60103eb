import type { ComponentChildren } from 'preact';
import { CopyButton } from '../ui/copy-button.tsx';
import { Time } from '../ui/time.tsx';
import { NotLogged } from './not-logged.tsx';
import { TIER_WORDS } from './tier.ts';
import type { Connection, Source } from './types.ts';

/** What a connection is. Of its secrets only the names are known to anybody. */
export function Facts({ source, connection }: { readonly source: Source; readonly connection: Connection }) {
  const { network, webhookPath, secrets, health, createdAt, updatedAt, tier, backfillFrom } = connection;
  const ends = health?.streams.flatMap(({ credentialExpiresAt }) => credentialExpiresAt ?? []).sort()[0];
  return (
    <section aria-labelledby="facts">
      <h2 id="facts" class="visually-hidden">
        About it
      </h2>
      <dl class="connection-facts">
        <Fact name="Source">
          {source.title} <code class="faint">{source.name}</code>
        </Fact>
        <Fact name="Kept">{TIER_WORDS[tier ?? source.tier]}, and in the archive</Fact>
        <Fact name="Events come">{source.lag}</Fact>
        {source.vendorKeeps !== null && <Fact name="The vendor keeps them">{source.vendorKeeps}</Fact>}
        <Fact name="Reached">
          {health === null
            ? 'Not polled: it takes what is sent'
            : network === 'private'
              ? 'Polled inside your network'
              : 'Polled over the internet'}
        </Fact>
        <Fact name="Secrets">{secrets.length === 0 ? 'None' : secrets.join(', ')}</Fact>
        {ends && (
          <Fact name="Credential ends">
            <Time at={ends} />
          </Fact>
        )}
        {backfillFrom && (
          <Fact name="History from">
            <Time at={backfillFrom} as="short" />
          </Fact>
        )}
        <Fact name="Made">
          <Time at={createdAt} as="short" />
        </Fact>
        {updatedAt !== createdAt && (
          <Fact name="Changed">
            <Time at={updatedAt} as="short" />
          </Fact>
        )}
        {webhookPath !== undefined && <WebhookAddress path={webhookPath} />}
      </dl>
      <NotLogged source={source} />
    </section>
  );
}

function WebhookAddress({ path }: { readonly path: string }) {
  const address = `${location.origin}${path}`;
  return (
    <div class="is-wide">
      <dt>Webhook address</dt>
      <dd class="row">
        <code>{address}</code>
        <CopyButton label="Copy the webhook address" text={address} />
      </dd>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
