import { useState } from 'preact/hooks';
import { useMe } from '../app/me.ts';
import { api, signIn } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { VendorText } from '../ui/data.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { toast } from '../ui/toast.tsx';
import { likeKey } from './key-facts.ts';
import { ShownOnce } from './shown-once.tsx';
import type { ApiKey, MadeKey } from './types.ts';
import { keyPath } from './use-admin.ts';

interface Props {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** Three steps: a key like the old one, shown once; it is put in place; the old one is revoked. */
export function KeyRotate({ apiKey, onClose, onChange }: Props) {
  const [made, setMade] = useState<MadeKey | null>(null);
  const [isKept, setKept] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const make = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const body = likeKey(apiKey, Date.now());
      setMade(await api.ask<MadeKey>('/v1/keys', { method: 'POST', body }));
      onChange();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  if (made && isKept) return <RevokeOld apiKey={apiKey} made={made} onClose={onClose} onChange={onChange} />;
  if (made) {
    return (
      <Dialog title={`The new key “${apiKey.name}”`} onClose={onClose} keep>
        <ShownOnce
          secrets={[{ label: 'API key', text: made.key, note: 'The old key still works, so nothing stops meanwhile.' }]}
          action="Next: the old key"
          onDone={() => setKept(true)}
        />
      </Dialog>
    );
  }
  const { scopes, sources } = apiKey;
  const { expiresAt } = likeKey(apiKey, Date.now());
  return (
    <Dialog title="Rotate this key" onClose={onClose}>
      <div class="stack">
        <ol class="steps">
          <li>
            A new key like{' '}
            <strong>
              <VendorText text={apiKey.name} most={80} />
            </strong>{' '}
            is made: {scopes.join(', ')}
            {sources && `, of ${sources.join(', ')} alone`}
            {expiresAt !== undefined && (
              <>
                , until <Time at={expiresAt} as="short" />
              </>
            )}
            .
          </li>
          <li>You put it where the old one is.</li>
          <li>You revoke the old one, here or later.</li>
        </ol>
        {error !== undefined && <ErrorNote error={error} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={isBusy} onClick={make}>
            Make the new key
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function RevokeOld({ apiKey, made, onClose, onChange }: Props & { readonly made: MadeKey }) {
  const isMine = useMe().key.id === apiKey.id;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const revoke = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await api.ask<void>(keyPath(apiKey.id), { method: 'DELETE' });
      toast('The old key is revoked.');
      // Whoever rotates the key that they are signed in with goes on with the new one.
      if (isMine) await signIn(made.key);
      onClose();
      onChange();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Dialog title="Is the new key in place?" onClose={onClose} keep>
      <div class="stack">
        <p>
          Revoke the old one only when nothing uses it any more.{' '}
          {apiKey.lastUsedAt !== null && (
            <>
              It was last used <Time at={apiKey.lastUsedAt} />.{' '}
            </>
          )}
          It is listed until then as <code>{apiKey.id}</code>, the new one as <code>{made.id}</code>.
        </p>
        {isMine && <p>You are signed in with the old one; this tab goes on with the new one.</p>}
        {error !== undefined && <ErrorNote error={error} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Later</Button>
          <Button kind="danger-solid" busy={isBusy} onClick={revoke}>
            Revoke the old key
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
