import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { useFormFocus } from './use-form-focus.ts';

/** Asks for the name of what is about to be gone for good. */
export function ConfirmByName(props: {
  readonly title: string;
  /** What has to be typed. */
  readonly word: string;
  readonly action: string;
  readonly run: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const { title, word, action, run, onClose, children } = props;
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useFormFocus(undefined);
  const isRight = typed.trim() === word;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!isRight || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await run();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form ref={form} class="stack" onSubmit={submit}>
        {children}
        <Field
          label={`Type ${word} to confirm`}
          value={typed}
          onValue={setTyped}
          autocomplete="off"
          spellcheck={false}
        />
        {error !== undefined && <ErrorNote error={error} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger-solid" type="submit" busy={isBusy} disabled={!isRight}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
