import { zone } from '../app/preferences.ts';
import { useStore } from '../app/store.ts';
import { Button } from '../ui/button.tsx';
import { VendorText } from '../ui/data.tsx';
import { countOf, plural, shortTime } from '../ui/format.ts';
import { PlusIcon } from '../ui/icons.tsx';
import { ErrorNote, Skeleton } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import type { Loaded } from '../ui/use-load.ts';
import { backfillWords } from './backfill-words.ts';
import type { BackfillProgress } from './types.ts';

const MOST = 20;

/** History that is or was collected, each with a bar. */
export function Backfills(props: {
  readonly loaded: Loaded<readonly BackfillProgress[]>;
  /** Absent for those who may not. */
  readonly onNew: (() => void) | undefined;
}) {
  const { data, error, reload } = props.loaded;
  return (
    <section aria-labelledby="backfills" class="stack">
      <div class="row spread">
        <h2 id="backfills">History</h2>
        {props.onNew && (
          <Button compact icon={<PlusIcon />} onClick={props.onNew}>
            Collect a range
          </Button>
        )}
      </div>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {data ? (
        data.length === 0 ? (
          <p class="muted">No history was asked for.</p>
        ) : (
          <ul class="backfills">
            {data.slice(0, MOST).map((backfill) => (
              <Backfill key={`${backfill.stream} ${backfill.id}`} backfill={backfill} />
            ))}
          </ul>
        )
      ) : (
        error === undefined && <Skeleton height={56} />
      )}
    </section>
  );
}

function Backfill({ backfill }: { readonly backfill: BackfillProgress }) {
  const { stream, from, to, percent, state, stored, received, lastError, finishedAt } = backfill;
  const inZone = useStore(zone);
  // Several may go on at once, of one stream too.
  const name = `History of ${stream}, ${shortTime(from, inZone)} to ${shortTime(to, inZone)}`;
  return (
    <li class={state}>
      <div class="row spread">
        <span>
          <Time at={from} as="short" /> to <Time at={to} as="short" /> <span class="mono muted">{stream}</span>
        </span>
        <span class="figures">{state === 'finished' ? '100%' : `${Math.floor(percent)}%`}</span>
      </div>
      {state !== 'finished' && (
        <progress value={percent} max={100} aria-label={name}>
          {percent}%
        </progress>
      )}
      <p class="small muted figures">
        {backfillWords(backfill)}
        {finishedAt && (
          <>
            {' '}
            <Time at={finishedAt} />
          </>
        )}{' '}
        · {plural(stored, 'new event')} of {countOf(received)} read
      </p>
      {lastError && state !== 'finished' && (
        <p class="small said">
          <Time at={lastError.at} />: <VendorText text={lastError.message} /> <code>{lastError.code}</code>
        </p>
      )}
    </li>
  );
}
