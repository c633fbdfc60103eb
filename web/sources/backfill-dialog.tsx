import { useState } from 'preact/hooks';
import { ApiError } from '../api/error.ts';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, Field } from '../ui/field.tsx';
import { ErrorNote, Note } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import type { BackfillProgress, Connection } from './types.ts';
import { pathOf } from './use-sources.ts';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** Asks which history is to be collected. What the vendor no longer has is told before the dialog is left. */
export function BackfillDialog(props: {
  readonly connection: Connection;
  readonly streams: readonly string[];
  readonly onClose: () => void;
  readonly onMade: () => void;
}) {
  const { connection, streams, onClose, onMade } = props;
  const [from, setFrom] = useState(daysAgo(30));
  const [to, setTo] = useState(daysAgo(0));
  const [left, setLeft] = useState<readonly string[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [notes, setNotes] = useState<readonly string[] | null>(null);
  const wanted = streams.filter((stream) => !left.includes(stream));
  const isOrdered = from !== '' && to !== '' && from < to;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!isOrdered || wanted.length === 0) return;
    setBusy(true);
    setError(undefined);
    try {
      const body = { from, to, ...(left.length > 0 && { streams: wanted }) };
      const path = `${pathOf(connection.id)}/backfill`;
      const made = await api.ask<{ backfills: BackfillProgress[]; notes: string[] }>(path, { method: 'POST', body });
      onMade();
      toast('It is being collected.');
      if (made.notes.length === 0) onClose();
      else setNotes(made.notes);
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  if (notes) return <NotesDialog notes={notes} onClose={onClose} />;
  return (
    <Dialog title="Collect a range of history" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">It is read beside what is new. Events that are there already are not stored twice.</p>
        <div class="two">
          <Field label="From" type="date" value={from} onValue={setFrom} max={daysAgo(0)} required />
          <Field
            label="To, not included"
            type="date"
            value={to}
            onValue={setTo}
            max={daysAgo(0)}
            required
            error={from !== '' && to !== '' && !isOrdered ? 'Must be after the first day.' : null}
          />
        </div>
        {streams.length > 1 && (
          <fieldset class="plain">
            <legend class="label">Streams</legend>
            {streams.map((stream) => (
              <Checkbox
                key={stream}
                label={stream}
                checked={!left.includes(stream)}
                onValue={(isWanted) => setLeft(isWanted ? left.filter((one) => one !== stream) : [...left, stream])}
              />
            ))}
            {wanted.length === 0 && <p class="field-error">Choose at least one.</p>}
          </fieldset>
        )}
        <p class="small muted">Days are in UTC.</p>
        {error !== undefined && <ErrorNote error={error instanceof ApiError ? error : undefined} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={isBusy} disabled={!isOrdered || wanted.length === 0}>
            Collect it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function NotesDialog({ notes, onClose }: { readonly notes: readonly string[]; readonly onClose: () => void }) {
  return (
    <Dialog title="It is being collected, but not all is left" onClose={onClose}>
      <Note kind="caution">
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </Note>
      <div class="dialog-foot">
        <Button kind="primary" onClick={onClose}>
          Understood
        </Button>
      </div>
    </Dialog>
  );
}
