import { useState } from 'preact/hooks';
import { fieldErrors } from '../admin/field-errors.ts';
import { useFormFocus } from '../admin/use-form-focus.ts';
import type { SavedSearch } from '../api/types.ts';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, Field } from '../ui/field.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { searchPath } from './search-path.ts';

/** Gives a search another name, and says who sees it. */
export function SearchEdit(props: {
  readonly search: SavedSearch;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { search, onClose, onDone } = props;
  const [name, setName] = useState(search.name);
  const [shared, setShared] = useState(search.shared);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useFormFocus(error);
  const errors = fieldErrors(error, ['name']);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await api.ask(searchPath(search), { method: 'PATCH', body: { name: name.trim(), shared } });
      toast('Saved.');
      onClose();
      onDone();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Dialog title="Rename this search" onClose={onClose}>
      <form ref={form} class="stack" onSubmit={submit}>
        <Field label="Name" value={name} onValue={setName} error={errors.at('name')} autocomplete="off" required />
        <Checkbox
          label="Shared with everyone of this tenant"
          hint="Others can use and copy it. Its maker and administrators can change it."
          checked={shared}
          onValue={setShared}
        />
        {!search.mine && !shared && search.shared && (
          <p class="small muted">It was made by somebody else: afterwards only they see it.</p>
        )}
        {errors.rest !== undefined && <ErrorNote error={errors.rest} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={isBusy} disabled={name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
