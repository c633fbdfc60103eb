import { useState } from 'preact/hooks';
import type { CanonicalEvent, Proof as ProofAnswer } from '../api/types.ts';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { bytesOf, plural } from '../ui/format.ts';
import { SealIcon } from '../ui/icons.tsx';
import { ErrorNote, SkeletonLines } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { useLoad } from '../ui/use-load.ts';

/** Younger events are not sealed yet, which is known without reading the archive. */
const UNSEALED_MS = 2 * 86_400_000;

/** Whether the event is sealed, where, and what the last check of the archive said. */
export function Proof({ event }: { readonly event: Pick<CanonicalEvent, 'id' | 'receivedAt'> }) {
  const isYoung = Date.now() - Date.parse(event.receivedAt) < UNSEALED_MS;
  const [isAsked, setAsked] = useState(isYoung);
  const { data, error, reload } = useLoad(isAsked ? event.id : null, (signal) =>
    api.ask<ProofAnswer>(`/v1/events/${event.id}/proof`, { signal }),
  );
  return (
    <section class="section" aria-labelledby="proof">
      <h2 id="proof">Proof</h2>
      {!isAsked && (
        <div class="row">
          <Button icon={<SealIcon />} onClick={() => setAsked(true)}>
            Look it up in the archive
          </Button>
          <span class="small muted">Reads the sealed files; takes some seconds.</span>
        </div>
      )}
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {isAsked && !data && error === undefined && <SkeletonLines lines={2} />}
      {data && (data.sealed ? <Sealed proof={data} /> : <NotSealed dueAt={data.dueAt} />)}
    </section>
  );
}

function NotSealed({ dueAt }: { readonly dueAt: string | null }) {
  const isDue = dueAt !== null && Date.parse(dueAt) <= Date.now();
  return (
    <p>
      Not sealed yet.{' '}
      {dueAt !== null && !isDue && (
        <>
          It will be <Time at={dueAt} />, on <Time at={dueAt} as="full" />.
        </>
      )}
      {isDue && (
        <>
          It was to be on <Time at={dueAt} as="full" />: the next run of the seal takes it.
        </>
      )}
    </p>
  );
}

const VERDICTS = {
  verified: 'verified: nothing was altered',
  'self-consistent': 'nothing contradicts anything; no public key was given that would show who made it',
  failed: 'FAILED: the archive is not as it was sealed',
  'nothing sealed': 'nothing was sealed then',
} as const;

function Sealed({ proof: { file, digest, verdict } }: { readonly proof: ProofAnswer }) {
  return (
    <dl class="facts">
      {file && (
        <div>
          <dt>Sealed in</dt>
          <dd>
            <code>{file.key}</code>
            <p class="small muted">
              {plural(file.rows, 'event')}, {bytesOf(file.size)}, version <code>{file.version}</code>
            </p>
            <Digest text={file.sha256} />
          </dd>
        </div>
      )}
      {digest && (
        <div>
          <dt>Digest of {digest.day}</dt>
          <dd>
            <code>{digest.key}</code>
            <p class="small muted">
              signed by <code>{digest.signedBy}</code>
            </p>
            <Digest text={digest.sha256} />
          </dd>
        </div>
      )}
      <div>
        <dt>Last check</dt>
        <dd class={verdict?.status === 'failed' ? 'outcome failure' : undefined}>
          {verdict ? (
            <>
              <Time at={verdict.at} />: {VERDICTS[verdict.status]}
            </>
          ) : (
            'The archive has not been checked yet.'
          )}
        </dd>
      </div>
    </dl>
  );
}

function Digest({ text }: { readonly text: string }) {
  return (
    <p class="digest small">
      <code class="faint">SHA-256 {text}</code>
      <CopyButton text={text} label="Copy the SHA-256" />
    </p>
  );
}
