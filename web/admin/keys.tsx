import { useState } from 'preact/hooks';
import { useMe } from '../app/me.ts';
import { go } from '../app/navigation.ts';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import { PlusIcon } from '../ui/icons.tsx';
import { ErrorNote, SkeletonLines } from '../ui/states.tsx';
import { useNow } from '../ui/time.tsx';
import { groupsOf } from './key-facts.ts';
import { KeyNew } from './key-new.tsx';
import { KeyRevoke } from './key-revoke.tsx';
import { KeyRotate } from './key-rotate.tsx';
import { type KeyAct, KeysTable } from './keys-table.tsx';
import { adminRoute } from './route.ts';
import type { ApiKey } from './types.ts';
import { useApiKeys, useMakers } from './use-admin.ts';

const NOBODY: ReadonlyMap<string, string> = new Map();

/** Every key: who can read comes first, as that is what has to be looked after. */
export function Keys({ isNew }: { readonly isNew: boolean }) {
  const { data, error, reload: reloadKeys } = useApiKeys();
  const makers = useMakers();
  const now = useNow();
  const mine = useMe().key.id;
  const [act, setAct] = useState<KeyAct | null>(null);
  const open = (isOpen: boolean) => go(adminRoute.href({ new: isOpen ? '1' : null }, 'keys'), 'replace');
  const close = () => setAct(null);
  const reload = () => {
    reloadKeys();
    makers.reload();
  };
  const groups = data && groupsOf(data, now);
  const table = (caption: string, keys: readonly ApiKey[]) => (
    <KeysTable caption={caption} keys={keys} makers={makers.data ?? NOBODY} mine={mine} now={now} onAct={setAct} />
  );
  return (
    <div class="admin-groups">
      <div class="row spread">
        <p class="muted">Whoever has a key may do what it may. Give each person and each program one of their own.</p>
        <Button kind="primary" icon={<PlusIcon />} onClick={() => open(true)}>
          New API key
        </Button>
      </div>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {groups ? (
        <>
          <section aria-labelledby="readers">
            <h2 id="readers">Who can read, and last did</h2>
            <p class="small muted">
              {plural(groups.readers.length, 'key')}. The time of the last use is true to the hour.
            </p>
            {table('Keys that see events, the one used last first', groups.readers)}
          </section>
          {groups.senders.length > 0 && (
            <section aria-labelledby="senders">
              <h2 id="senders">Who only sends</h2>
              <p class="small muted">{plural(groups.senders.length, 'key')} that can send events and see none.</p>
              {table('Keys that only send events', groups.senders)}
            </section>
          )}
          {groups.ended.length > 0 && (
            <details class="ended">
              <summary>
                <span class="label">Revoked and expired</span>{' '}
                <span class="small muted">{plural(groups.ended.length, 'key')}, good for nothing any more</span>
              </summary>
              {table('Keys that are no longer good', groups.ended)}
            </details>
          )}
        </>
      ) : (
        error === undefined && <SkeletonLines lines={6} />
      )}
      {isNew && <KeyNew onClose={() => open(false)} onMade={reload} />}
      {act?.does === 'rotate' && <KeyRotate apiKey={act.key} onClose={close} onChange={reload} />}
      {act?.does === 'revoke' && (
        <KeyRevoke
          apiKey={act.key}
          isLastAdmin={groups?.readers.filter(({ scopes }) => scopes.includes('admin')).length === 1}
          onClose={close}
          onDone={reload}
        />
      )}
    </div>
  );
}
