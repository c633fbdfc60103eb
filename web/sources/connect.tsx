import { type Connecting, exampleOf, isSecret } from '../../shared/sources/connecting.ts';
import { useScope } from '../app/me.ts';
import { ButtonLink } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { newConnectionHref } from './links.ts';
import { NotLogged } from './not-logged.tsx';
import type { Source } from './types.ts';

/** A source that is not collected: what it takes to connect it. */
export function Connectable({ source, isOpen }: { readonly source: Source; readonly isOpen: boolean }) {
  const isAdmin = useScope('admin');
  const { name, title, connecting, vendorKeeps } = source;
  return (
    <details class="connectable" open={isOpen}>
      <summary>
        <span class="connectable-title">{title}</span>
        <code class="faint">{name}</code>
        <span class="small muted">{summaryOf(source)}</span>
      </summary>
      <div class="connectable-body">
        {connecting ? <Steps connecting={connecting} name={name} /> : <Sending />}
        {connecting &&
          (isAdmin ? (
            <ButtonLink kind="primary" icon={<PlusIcon />} href={newConnectionHref(name)}>
              New connection
            </ButtonLink>
          ) : (
            <p class="small muted">An administrator makes the connection: somebody whose key has the scope admin.</p>
          ))}
        {vendorKeeps !== null && <p class="small muted">How far back its history goes: {vendorKeeps}.</p>}
        <NotLogged source={source} />
      </div>
    </details>
  );
}

function summaryOf({ types, connecting }: Source): string {
  if (!connecting) return 'By API key';
  return `${connecting.ways.some(({ isPush }) => !isPush) ? 'Read through its API' : 'Sends webhooks'} · ${types.length} types of events`;
}

function Steps({ connecting, name }: { readonly connecting: Connecting; readonly name: string }) {
  const { steps, ways, isPrivate } = connecting;
  const [{ fields, isPush }] = ways;
  const secrets = fields.filter((field) => isSecret(field) && field.required);
  const request = {
    name: name.replaceAll(/[._]/g, '-'),
    source: name,
    ...(isPrivate && { network: 'private', certificateAuthority: '-----BEGIN CERTIFICATE-----…' }),
    ...exampleOf(ways[0]),
  };
  return (
    <>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
        {!isPush && (
          <li>
            Make the connection with {secrets.map(({ label }) => `the ${lower(label)}`).join(' and ')}
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

/** But for abbreviations: "API token". */
function lower(label: string): string {
  return label.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
}
