import { useMemo } from 'preact/hooks';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox } from '../ui/field.tsx';
import { bindings } from './keys.ts';
import { letterKeys } from './preferences.ts';
import { useStore } from './store.ts';

/** The keys that work where one is. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const active = useStore(bindings);
  const keys = useMemo(() => new Map(active.map(({ key, does }) => [key, does])), [active]);
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="keys">
        {[...keys].map(([key, does]) => (
          <>
            <dt key={`${key} key`}>
              <kbd>{key}</kbd>
            </dt>
            <dd key={key}>{does}</dd>
          </>
        ))}
        <dt>
          <kbd>Tab</kbd>
        </dt>
        <dd>Next link, button or field</dd>
      </dl>
      <p class="dialog-foot">
        <Checkbox
          label="Single letters are shortcuts"
          checked={useStore(letterKeys) === 'on'}
          onValue={(isOn) => letterKeys.set(isOn ? 'on' : 'off')}
        />
      </p>
    </Dialog>
  );
}
