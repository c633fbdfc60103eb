import { ApiError } from '../api/error.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { ClockIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote } from '../ui/states.tsx';

/** The event could not be loaded: it is not there (any more), or something failed. */
export function MissingEvent(props: { readonly id: string; readonly error: unknown; readonly onRetry: () => void }) {
  const { id, error, onRetry } = props;
  if (!(error instanceof ApiError) || error.status !== 404) return <ErrorNote error={error} onRetry={onRetry} />;
  const sql = `select * from events where id = '${id.replaceAll("'", "''")}'`;
  return (
    <Empty
      title="Not in the hot store"
      icon={ClockIcon}
      actions={<CopyButton text={sql} label="Copy SQL" withText kind="plain" />}
    >
      There is no event with this id, or it has been there as long as its retention tier says. The archive keeps events
      for good: SQL finds it there.
    </Empty>
  );
}
