import { useState } from 'preact/hooks';
import type { SavedSearch } from '../api/types.ts';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, Field } from '../ui/field.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { LAST_WORDS } from './range.ts';
import { type FeedState, filterQuery } from './route.ts';

/** Keeps what is asked for under a name. */
export function SaveDialog({ state, onClose }: { readonly state: FeedState; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { from, to, last, columns, order } = state;
  const isFixed = from !== null || to !== null;
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const times = { ...(from !== null && { from }), ...(to !== null && { to }) };
    const query = { ...filterQuery(state), ...times, ...(order !== 'newest' && { order }) };
    const body = { name: name.trim(), query, ...(columns.length > 0 && { columns }), shared };
    try {
      await api.ask<SavedSearch>('/v1/searches', { method: 'POST', body });
      toast(`Saved as “${name.trim()}”.`);
      onClose();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return (
    <Dialog title="Save this search" onClose={onClose}>
      <form class="stack" onSubmit={save}>
        <Field label="Name" value={name} onValue={setName} required placeholder="Failed sign-ins of administrators" />
        <Checkbox
          label="Share with everyone of this tenant"
          hint="Others can use it; only you can change it."
          checked={shared}
          onValue={setShared}
        />
        <p class="small muted">
          {isFixed
            ? 'The filters, columns and the fixed time are kept.'
            : `The filters and columns are kept. The time is chosen when it is used; now it is: ${LAST_WORDS[last].toLowerCase()}.`}
        </p>
        {error !== undefined && <ErrorNote error={error} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={isBusy} disabled={name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
