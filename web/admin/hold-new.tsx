import { useState } from 'preact/hooks';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { fieldErrors } from './field-errors.ts';
import { spanOf } from './hold-span.ts';
import { useFormFocus } from './use-form-focus.ts';

/** Asks which events are to stay, and why. */
export function HoldNew({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }) {
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const ref = useFormFocus(error);
  const errors = fieldErrors(error, ['from', 'to', 'reason']);
  const isOrdered = first === '' || last === '' || first <= last;
  const isReady = first !== '' && last !== '' && isOrdered && reason.trim() !== '';
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!isReady) return;
    setBusy(true);
    setError(undefined);
    try {
      const body = { ...spanOf(first, last), reason: reason.trim() };
      await api.ask('/v1/holds', { method: 'POST', body });
      toast('Held.');
      onClose();
      onMade();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Dialog title="New legal hold" onClose={onClose}>
      <form ref={ref} class="stack" onSubmit={submit}>
        <p class="muted">Every event of these days stays in the archive until the hold is released.</p>
        <div class="two">
          <Field label="First day" type="date" value={first} onValue={setFirst} error={errors.at('from')} required />
          <Field
            label="Last day"
            type="date"
            value={last}
            onValue={setLast}
            error={isOrdered ? errors.at('to') : 'Must not be before the first day.'}
            required
          />
        </div>
        <Field
          label="Why"
          value={reason}
          onValue={setReason}
          error={errors.at('reason')}
          placeholder="Case 2026-114, Smith v. Acme"
          hint="Whoever reviews the hold in some years reads this."
          required
        />
        <p class="small muted">Days of the events’ own time, in UTC.</p>
        {errors.rest !== undefined && <ErrorNote error={errors.rest} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={isBusy} disabled={!isReady}>
            Hold them
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
