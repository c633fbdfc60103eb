import type { Connecting } from '../../shared/sources/connecting.ts';
import { newConnectionHref } from '../sources/links.ts';
import { ErrorNote, SkeletonLines } from '../ui/states.tsx';
import { useAdminSources } from './sources.ts';

/** Every source that can be connected. */
export function SourceChoice() {
  const { data, error, reload } = useAdminSources();
  return (
    <>
      <header class="page-head">
        <div>
          <h1>New connection</h1>
          <p>Which log is to be collected? The same product may have several; each is a connection of its own.</p>
        </div>
      </header>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {!data && error === undefined && <SkeletonLines lines={8} />}
      <ul class="source-choice">
        {data?.map(
          ({ name, title, connecting }) =>
            connecting && (
              <li key={name}>
                <a href={newConnectionHref(name)}>
                  <strong>{title}</strong>
                  <code>{name}</code>
                  <span class="small muted">{waysOf(connecting)}</span>
                </a>
              </li>
            ),
        )}
      </ul>
    </>
  );
}

function waysOf({ ways, webhookHint }: Connecting): string {
  const polls = ways.some(({ isPush }) => !isPush);
  const pushes = webhookHint !== undefined || ways.some(({ isPush }) => isPush);
  if (polls && pushes) return 'Read through its API, or sent';
  return polls ? 'Read through its API' : 'Sent as webhooks';
}
