import { ButtonLink } from '../ui/button.tsx';
import { SourcesIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote, SkeletonLines } from '../ui/states.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { adminRoute } from './route.ts';
import { SourceChoice } from './source-choice.tsx';
import { useAdminSources } from './sources.ts';

/** Makes a connection: first of which source, then what that wants. @param source `1` while it is not chosen. */
export function ConnectionNew({ source }: { readonly source: string }) {
  const { data, error, reload } = useAdminSources();
  const about = data?.find(({ name }) => name === source);
  const connecting = about?.connecting;
  const list = adminRoute.href({}, 'connections');
  return (
    <div class="page admin">
      <p class="small crumbs">
        <a href={list}>Connections</a>
        {connecting && (
          <>
            {' / '}
            <a href={adminRoute.href({ new: '1' }, 'connections')}>New</a>
          </>
        )}
      </p>
      {about && connecting ? (
        <ConnectionForm about={about} connecting={connecting} />
      ) : source === '1' ? (
        <SourceChoice />
      ) : !data ? (
        <>
          <h1 class="visually-hidden">New connection</h1>
          {error === undefined ? <SkeletonLines lines={8} /> : <ErrorNote error={error} onRetry={reload} />}
        </>
      ) : (
        <>
          <h1 class="visually-hidden">New connection</h1>
          <Empty
            title="There is no such source"
            icon={SourcesIcon}
            actions={<ButtonLink href={adminRoute.href({ new: '1' }, 'connections')}>See which there are</ButtonLink>}
          >
            Or it needs no connection: applications of your own send events with an API key.
          </Empty>
        </>
      )}
    </div>
  );
}
