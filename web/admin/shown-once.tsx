import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Checkbox } from '../ui/field.tsx';
import { Note } from '../ui/states.tsx';

/** Secrets that nobody can look up again. It is left only by saying that they are kept. */
export function ShownOnce(props: {
  readonly secrets: readonly { readonly label: string; readonly text: string; readonly note?: string }[];
  readonly onDone: () => void;
  /** Of the button that leaves it. */
  readonly action?: string;
}) {
  const { secrets, onDone, action = 'Done' } = props;
  const [isKept, setKept] = useState(false);
  return (
    <div class="stack">
      <Note kind="caution">Copy it now. It is shown this once: nobody, not even Annals, can look it up again.</Note>
      {secrets.map(({ label, text, note }) => (
        <div key={label} class="field">
          <span class="label">{label}</span>
          <div class="secret">
            <code>{text}</code>
            <CopyButton label={`Copy: ${label.toLowerCase()}`} text={text} />
          </div>
          {note && <p class="field-hint">{note}</p>}
        </div>
      ))}
      <Checkbox
        label="I have put it where it belongs"
        hint="A secret manager or the vendor; not a chat or an e-mail."
        checked={isKept}
        onValue={setKept}
      />
      <div class="dialog-foot">
        <Button kind="primary" disabled={!isKept} onClick={onDone}>
          {action}
        </Button>
      </div>
    </div>
  );
}
