import { useEffect, useState } from 'preact/hooks';
import type { Export } from '../api/types.ts';
import { api } from '../app/session.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Segments } from '../ui/field.tsx';
import { bytesOf, plural } from '../ui/format.ts';
import { DownloadIcon } from '../ui/icons.tsx';
import { ErrorNote, Note } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import type { Range } from './range.ts';
import { type FeedState, filterQuery } from './route.ts';

const LOOK_MS = 1_500;

/** Makes files of everything that the filters find, hot or not shown yet. */
export function ExportDialog(props: {
  readonly state: FeedState;
  readonly range: Range;
  readonly onClose: () => void;
}) {
  const { state, range, onClose } = props;
  const [format, setFormat] = useState<'csv' | 'ndjson'>('csv');
  const [made, setMade] = useState<Export | null>(null);
  const [error, setError] = useState<unknown>();
  const isAtWork = made !== null && (made.status === 'queued' || made.status === 'running');
  useEffect(() => {
    if (!made || !isAtWork) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api
        .ask<Export>(`/v1/exports/${encodeURIComponent(made.id)}`, { signal: stop.signal })
        .then(setMade, (failed: unknown) => !stop.signal.aborted && setError(failed));
    }, LOOK_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [made, isAtWork]);
  const start = async () => {
    setError(undefined);
    try {
      const query = { ...filterQuery(state), ...range };
      setMade(await api.ask<Export>('/v1/exports', { method: 'POST', body: { format, query } }));
    } catch (failed) {
      setError(failed);
    }
  };
  return (
    <Dialog title="Export" onClose={onClose}>
      <div class="stack">
        {made === null && (
          <>
            <p class="muted">
              Every event that the filters find in this time, as files with a signed manifest. That it was exported, and
              by whom, is recorded.
            </p>
            <Segments
              label="Format"
              value={format}
              onValue={setFormat}
              options={[
                { value: 'csv', label: 'CSV' },
                { value: 'ndjson', label: 'NDJSON' },
              ]}
            />
          </>
        )}
        {isAtWork && (
          <div role="status" class="stack">
            <p>{made.rows ? `${plural(made.rows, 'event')} so far…` : 'Making the files…'}</p>
            <progress aria-label="Export" />
            <p class="small muted">It goes on when this is closed.</p>
          </div>
        )}
        {made?.status === 'done' && <Files made={made} />}
        {made?.status === 'failed' && (
          <Note kind="failure">The export failed: {made.reason ?? 'no reason is known'}.</Note>
        )}
        {error !== undefined && <ErrorNote error={error} />}
      </div>
      <div class="dialog-foot">
        <Button onClick={onClose}>{made ? 'Close' : 'Cancel'}</Button>
        {made === null && (
          <Button kind="primary" icon={<DownloadIcon />} onClick={start}>
            Export
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Files({ made }: { readonly made: Export }) {
  const { files = [], manifest } = made;
  const [first] = files;
  return (
    <div class="stack">
      <p role="status">
        {first ? `${plural(made.rows ?? 0, 'event')} in ${plural(files.length, 'file')}.` : 'No event matched.'}
      </p>
      <ul class="stack">
        {files.map(({ url, rows, bytes, sha256 }, index) => (
          <li key={url}>
            <ButtonLink href={url} icon={<DownloadIcon />} download="">
              {files.length > 1 ? `File ${index + 1}` : 'Download'} · {plural(rows, 'event')} · {bytesOf(bytes)}
            </ButtonLink>
            <p class="small faint mono">SHA-256 {sha256}</p>
          </li>
        ))}
      </ul>
      {manifest && (
        <p>
          <a href={manifest.url} download="">
            Signed manifest
          </a>
        </p>
      )}
      {first && (
        <p class="small muted">
          The links end <Time at={first.expiresAt} />.
        </p>
      )}
    </div>
  );
}
