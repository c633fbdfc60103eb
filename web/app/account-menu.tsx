import { Button } from '../ui/button.tsx';
import { VendorText } from '../ui/data.tsx';
import { Segments } from '../ui/field.tsx';
import { Time } from '../ui/time.tsx';
import { useMe } from './me.ts';
import { theme, zone } from './preferences.ts';
import { signOut } from './session.ts';
import { useStore } from './store.ts';

export function AccountMenu({ close, onKeys }: { readonly close: () => void; readonly onKeys: () => void }) {
  const { tenant, key } = useMe();
  return (
    <div class="account-menu">
      <div>
        <strong>
          <VendorText text={key.name} most={80} />
        </strong>
        <p class="small muted">
          Key of tenant {tenant}: {key.scopes.join(', ')}
          {key.sources && `; only ${key.sources.join(', ')}`}
        </p>
        {key.expiresAt && (
          <p class="small muted">
            Expires <Time at={key.expiresAt} />
          </p>
        )}
      </div>
      <div class="row spread">
        <span class="label">Theme</span>
        <Segments
          label="Theme"
          value={useStore(theme)}
          onValue={(value) => theme.set(value)}
          options={[
            { value: 'system', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </div>
      <div class="row spread">
        <span class="label">Times</span>
        <Segments
          label="Times"
          value={useStore(zone)}
          onValue={(value) => zone.set(value)}
          options={[
            { value: 'local', label: 'Local' },
            { value: 'utc', label: 'UTC' },
          ]}
        />
      </div>
      <div class="row spread">
        <Button
          kind="quiet"
          compact
          onClick={() => {
            close();
            onKeys();
          }}
        >
          Keyboard
        </Button>
        <Button compact onClick={signOut}>
          Sign out
        </Button>
      </div>
    </div>
  );
}
