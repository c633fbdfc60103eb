import { useContext } from 'preact/hooks';
import type { Incomplete } from '../api/types.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { plural } from '../ui/format.ts';
import { Note } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { SourcesContext, sourceTitle } from './labels.ts';

/** The time asked for lies partly beyond what is hot: says so, and gives the SQL that finds the rest. */
export function IncompleteBanner({ incomplete }: { readonly incomplete: readonly Incomplete[] }) {
  const sources = useContext(SourcesContext);
  if (incomplete.length === 0) return null;
  const latest = incomplete.map(({ hotFrom }) => hotFrom).reduce((a, b) => (a > b ? a : b));
  return (
    <Note kind="caution">
      <p>
        <strong>Not all of this time is shown.</strong> Events from before <Time at={latest} as="short" /> of{' '}
        {plural(incomplete.length, 'source')} may no longer be searchable here. The archive has them: ask it with SQL.
      </p>
      <details class="incomplete">
        <summary>Show the SQL</summary>
        <ul class="stack">
          {incomplete.map(({ source, hotFrom, sql }) => (
            <li key={source}>
              <div class="row spread">
                <span>
                  {sourceTitle(source, sources)}, before <Time at={hotFrom} as="short" />
                </span>
                <CopyButton text={sql} label="Copy SQL" withText kind="plain" />
              </div>
              <pre class="code">{sql}</pre>
            </li>
          ))}
        </ul>
        <p class="small muted">Run it in Athena, or on the machine of a local deployment with npm run sql.</p>
      </details>
    </Note>
  );
}
