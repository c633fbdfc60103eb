import { go } from '../app/navigation.ts';
import type { PageProps } from '../app/pages.ts';
import { Tabs } from '../ui/tabs.tsx';
import { ConnectionManage } from './connection-manage.tsx';
import { ConnectionNew } from './connection-new.tsx';
import { Connections } from './connections.tsx';
import { Holds } from './holds.tsx';
import { Keys } from './keys.tsx';
import { adminRoute, type Part, partOf } from './route.ts';
import { AdminSources } from './sources.ts';
import { useAllSources } from './use-admin.ts';

const TABS: readonly { readonly value: Part; readonly label: string }[] = [
  { value: 'keys', label: 'API keys' },
  { value: 'connections', label: 'Connections' },
  { value: 'holds', label: 'Legal holds' },
];

/** Keys, connections and legal holds; what is done here is an event of `annals.audit`. */
export function AdminPage({ place }: PageProps) {
  const sources = useAllSources();
  return (
    <AdminSources.Provider value={sources}>
      <AdminPart place={place} />
    </AdminSources.Provider>
  );
}

function AdminPart({ place }: PageProps) {
  const state = adminRoute.read(place);
  const part = partOf(place.id);
  if (part === 'connections' && state.open !== null) return <ConnectionManage key={state.open} id={state.open} />;
  if (part === 'connections' && state.new !== null) return <ConnectionNew key={state.new} source={state.new} />;
  return (
    <div class="page admin">
      <header class="page-head">
        <div>
          <h1>Admin</h1>
          <p>Who may send and see events, what is connected, and what must be kept.</p>
        </div>
      </header>
      <Tabs
        label="Parts of administration"
        open={part}
        tabs={TABS}
        onOpen={(next) => go(adminRoute.href({}, next), 'replace')}
      >
        <div class="admin-part">
          {part === 'keys' && <Keys isNew={state.new !== null} />}
          {part === 'connections' && <Connections />}
          {part === 'holds' && <Holds isNew={state.new !== null} />}
        </div>
      </Tabs>
    </div>
  );
}
