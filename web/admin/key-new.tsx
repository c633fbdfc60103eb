import { useState } from 'preact/hooks';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Select } from '../ui/field.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { fieldErrors } from './field-errors.ts';
import { EXPIRIES, type Expiry, expiryOf } from './key-facts.ts';
import { ScopeFields } from './scope-fields.tsx';
import { ShownOnce } from './shown-once.tsx';
import { SourceFields } from './source-fields.tsx';
import type { KeyRequest, MadeKey } from './types.ts';
import { useFormFocus } from './use-form-focus.ts';

const PATHS = ['name', 'scopes', 'sources', 'expiresAt'];
const EXPIRY_WORDS: Readonly<Record<Expiry, string>> = {
  '30d': 'In 30 days',
  '90d': 'In 90 days',
  '365d': 'In a year',
  day: 'On a day',
  never: 'Never',
};

/** Makes an API key, and shows it this once. */
export function KeyNew({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<KeyRequest['scopes']>(['read']);
  const [sources, setSources] = useState<readonly string[] | null>(null);
  const [expiry, setExpiry] = useState<Expiry>('365d');
  const [day, setDay] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [made, setMade] = useState<MadeKey | null>(null);
  const errors = fieldErrors(error, PATHS);
  const form = useFormFocus(error);
  // An administrator's key can make others without limits: limits on it would only seem to be there.
  const limits = scopes.includes('admin') ? null : sources;
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const expiresAt = expiryOf(expiry, day, Date.now());
    const body: KeyRequest = {
      name: name.trim(),
      scopes,
      ...(limits && { sources: [...limits] }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    try {
      setMade(await api.ask<MadeKey>('/v1/keys', { method: 'POST', body }));
      onMade();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  if (made) {
    return (
      <Dialog title={`The key “${made.name}”`} onClose={onClose} keep>
        <ShownOnce secrets={[{ label: 'API key', text: made.key }]} onDone={onClose} />
      </Dialog>
    );
  }
  const isReady = name.trim() !== '' && scopes.length > 0 && limits?.length !== 0 && (expiry !== 'day' || day !== '');
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form ref={form} class="stack" onSubmit={submit}>
        <Field
          label="Name"
          value={name}
          onValue={setName}
          error={errors.at('name')}
          placeholder="Jane Roe, or the program that will have it"
          autocomplete="off"
          required
        />
        <ScopeFields scopes={scopes} error={errors.at('scopes')} onScopes={setScopes} />
        <SourceFields
          sources={limits}
          isOff={scopes.includes('admin')}
          error={errors.at('sources')}
          onSources={setSources}
        />
        <div class="two">
          <Select
            label="Ends"
            value={expiry}
            options={EXPIRIES.map((value) => ({ value, label: EXPIRY_WORDS[value] }))}
            onValue={setExpiry}
            error={expiry === 'day' ? null : errors.at('expiresAt')}
            hint={expiry === 'never' ? 'It is good until somebody revokes it.' : undefined}
          />
          {expiry === 'day' && (
            <Field
              label="Last day, UTC"
              type="date"
              value={day}
              onValue={setDay}
              min={new Date().toISOString().slice(0, 10)}
              error={errors.at('expiresAt')}
              required
            />
          )}
        </div>
        {errors.rest !== undefined && <ErrorNote error={errors.rest} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={isBusy} disabled={!isReady}>
            Make the key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
