import { useEffect } from 'preact/hooks';
import { ApiError } from '../api/error.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { BrandIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote } from '../ui/states.tsx';
import { Toasts } from '../ui/toast.tsx';
import { MeContext } from './me.ts';
import { usePlace } from './navigation.ts';
import { PAGES } from './pages.ts';
import { resume, session, signOut } from './session.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { useStore } from './store.ts';

export function App() {
  const { state, me, message } = useStore(session);
  return (
    <>
      {state === 'signed in' && me ? (
        <MeContext.Provider value={me}>
          <Shell>
            <Here />
          </Shell>
        </MeContext.Provider>
      ) : state === 'resuming' ? (
        <Resuming />
      ) : state === 'not checked' ? (
        <NotChecked message={message} />
      ) : (
        <SignIn isChecking={state === 'checking'} message={message} />
      )}
      <Toasts />
    </>
  );
}

/** The page of the place one is at. */
function Here() {
  const place = usePlace();
  const page = PAGES.find(({ name }) => name === place.page);
  useEffect(() => {
    document.title = page ? `${page.title} · Annals` : 'Annals';
  }, [page]);
  if (page) return <page.component place={place} />;
  return (
    <div class="page">
      <h1 class="visually-hidden">Not found</h1>
      <Empty title="There is no such page" actions={<ButtonLink href="#/events">Go to the activity</ButtonLink>}>
        The address may have been cut short when it was copied.
      </Empty>
    </div>
  );
}

function Resuming() {
  return (
    <main class="gate" aria-busy="true">
      <p class="brand" role="status">
        <BrandIcon size={20} /> <span class="visually-hidden">Loading Annals</span>
      </p>
    </main>
  );
}

/** The key could not be checked, and may well be good. */
function NotChecked({ message }: { readonly message: string | null }) {
  const error = new ApiError(message ?? 'The key could not be checked.', { code: 'not_checked', status: 0 });
  return (
    <main class="gate">
      <div class="gate-card">
        <h1 class="brand">
          <BrandIcon size={20} /> Annals
        </h1>
        <ErrorNote error={error} onRetry={() => void resume()} />
        <Button onClick={signOut}>Sign in with another key</Button>
      </div>
    </main>
  );
}
