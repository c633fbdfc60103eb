import { useEffect } from 'preact/hooks';
import { TIERS } from '../../shared/retention.ts';
import { api } from '../app/session.ts';
import type { Source } from '../sources/types.ts';
import { ErrorNote, Skeleton } from '../ui/states.tsx';
import { useLoad } from '../ui/use-load.ts';

const HOT = { '180d': '180 days', '365d': '365 days', indefinite: 'For good' } as const;

/** Hot and archived: what the difference is, and how long each source is hot. */
export function Kept({ mayRead, onSettled }: { readonly mayRead: boolean; readonly onSettled: () => void }) {
  const { data, error, reload } = useLoad(mayRead ? 'sources' : null, async (signal) => {
    const { sources } = await api.ask<{ sources: Source[] }>('/v1/sources', { signal });
    return sources.filter(({ firstDay, connections }) => firstDay !== null || connections.length > 0);
  });
  // What is below has moved.
  useEffect(() => {
    if (data) onSettled();
  }, [data === undefined]);
  return (
    <>
      <ul class="help-list">
        <li>
          <strong>Searchable here</strong> is what these pages and the API answer at once; the API calls it hot. For how
          long, each source says; a connection may say otherwise for its own events.
        </li>
        <li>
          <strong>The archive</strong> has every event besides, from within minutes after it came. What is sealed there
          is locked against change and deletion for the years that the deployment says: 7, unless it says otherwise. SQL
          reads it.
        </li>
      </ul>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {mayRead && !data && error === undefined && <Skeleton height={112} />}
      {data && data.length > 0 && (
        <dl class="help-rows">
          {TIERS.map((tier) => (
            <div key={tier}>
              <dt>{HOT[tier]}</dt>
              <dd>
                {data
                  .filter((source) => source.tier === tier)
                  .map(({ name, title, product }) => (name.startsWith('custom') ? product : title))
                  .join(', ') || <span class="faint">no source that is collected</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
