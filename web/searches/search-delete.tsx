import { useState } from 'preact/hooks';
import type { SavedSearch } from '../api/types.ts';
import { api } from '../app/session.ts';
import { VendorText } from '../ui/data.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { searchPath } from './search-path.ts';

/** Asks before a search is gone. */
export function SearchDelete(props: {
  readonly search: SavedSearch;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { search, onClose, onDone } = props;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const remove = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await api.ask<void>(searchPath(search), { method: 'DELETE' });
      toast(`Deleted “${search.name}”.`);
      onClose();
      onDone();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Confirm title="Delete this search" action="Delete it" busy={isBusy} onConfirm={remove} onClose={onClose}>
      <div class="stack">
        <p>
          <strong>
            <VendorText text={search.name} most={120} />
          </strong>{' '}
          is removed{search.shared && ' for everyone it is shared with'}. The events stay.
        </p>
        {error !== undefined && <ErrorNote error={error} />}
      </div>
    </Confirm>
  );
}
