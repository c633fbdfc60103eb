import { useScope } from '../app/me.ts';
import { ButtonLink } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { GUIDES, type Guide } from './guides.ts';
import { newConnectionHref } from './links.ts';
import type { Source } from './types.ts';

/** A source that is not collected: what it takes to connect it. */
export function Connectable({ source, isOpen }: { readonly source: Source; readonly isOpen: boolean }) {
  const isAdmin = useScope('admin');
  const guide = GUIDES[source.name];
  return (
    <details class="connectable" open={isOpen}>
      <summary>
        <span class="connectable-title">{source.title}</span>
        <code class="faint">{source.name}</code>
        <span class="small muted">{summaryOf(source, guide)}</span>
      </summary>
      <div class="connectable-body">
        {guide ? <Steps guide={guide} name={source.name} /> : <Sending />}
        {guide &&
          (isAdmin ? (
            <ButtonLink kind="primary" icon={<PlusIcon />} href={newConnectionHref(source.name)}>
              New connection
            </ButtonLink>
          ) : (
            <p class="small muted">An administrator makes the connection: somebody whose key has the scope admin.</p>
          ))}
      </div>
    </details>
  );
}

function summaryOf({ types }: Source, guide: Guide | undefined): string {
  if (!guide) return 'By API key';
  return `${guide.settings ? 'Read through its API' : 'Sends webhooks'} · ${types.length} types of events`;
}

function Steps({ guide, name }: { readonly guide: Guide; readonly name: string }) {
  const { steps, settings, secrets, isPrivate } = guide;
  const request = {
    name: name.replaceAll(/[._]/g, '-'),
    source: name,
    ...(isPrivate && { network: 'private', certificateAuthority: '-----BEGIN CERTIFICATE-----…' }),
    ...(settings && { settings }),
    secrets: Object.fromEntries(Object.keys(secrets).map((secret) => [secret, '…'])),
  };
  return (
    <>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
        {settings && (
          <li>
            Make the connection with {Object.values(secrets).map(lower).join(' and ')}
            {isPrivate && ', and the certificate. The deployment needs a way into your network (its setting vpc)'}.
          </li>
        )}
      </ol>
      <details>
        <summary class="small muted">The same by API</summary>
        <div class="code-frame">
          <pre class="code">{`POST /v1/connections\n\n${JSON.stringify(request, null, 2)}`}</pre>
          <CopyButton label="Copy the JSON" text={JSON.stringify(request, null, 2)} />
        </div>
      </details>
    </>
  );
}

/** Applications need no connection. */
function Sending() {
  const curl = `curl ${location.origin}/v1/events -H 'authorization: Bearer KEY' -H 'content-type: application/json' \\
  -d '{"source":"custom.billing","action":"invoice.delete","type":"delete_resource","time":"${new Date().toISOString()}","actor":{"email":"jane@example.com"}}'`;
  return (
    <>
      <p>Your own applications send events with an API key that has the scope ingest. They need no connection.</p>
      <div class="code-frame">
        <pre class="code">{curl}</pre>
        <CopyButton label="Copy the command" text={curl} />
      </div>
    </>
  );
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
