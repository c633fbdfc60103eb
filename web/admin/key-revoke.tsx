import { useMe } from '../app/me.ts';
import { api, signOut } from '../app/session.ts';
import { VendorText } from '../ui/data.tsx';
import { Note } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { toast } from '../ui/toast.tsx';
import { ConfirmByName } from './confirm-by-name.tsx';
import { wordToType } from './key-facts.ts';
import type { ApiKey } from './types.ts';
import { keyPath } from './use-admin.ts';

/** Revokes a key for good. */
export function KeyRevoke(props: {
  readonly apiKey: ApiKey;
  /** Without it no key has the scope admin. */
  readonly isLastAdmin: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { apiKey, isLastAdmin, onClose, onDone } = props;
  const { id, name, scopes, lastUsedAt } = apiKey;
  const isMine = useMe().key.id === id;
  const run = async () => {
    await api.ask<void>(keyPath(id), { method: 'DELETE' });
    toast(`Revoked “${name}”.`);
    if (isMine) {
      signOut();
      return;
    }
    onClose();
    onDone();
  };
  return (
    <ConfirmByName
      title="Revoke this key"
      word={wordToType(name, id)}
      action="Revoke it for good"
      run={run}
      onClose={onClose}
    >
      <p>
        Whoever has{' '}
        <strong>
          <VendorText text={name} most={80} />
        </strong>{' '}
        is refused from the next request on. It stays listed, as events name it.{' '}
        {lastUsedAt === null ? (
          'It was never used.'
        ) : (
          <>
            It was last used <Time at={lastUsedAt} />.
          </>
        )}
      </p>
      {isMine && <Note kind="caution">You are signed in with this key: you will be signed out.</Note>}
      {isLastAdmin && scopes.includes('admin') && (
        <Note kind="caution">
          No other key may administer. Afterwards only an operator of the AWS account can make one, with npm run keys.
        </Note>
      )}
    </ConfirmByName>
  );
}
