import { useMemo } from 'preact/hooks';
import { CATEGORIES, type Category } from '../../shared/taxonomy.ts';
import type { SourceSummary } from '../api/types.ts';
import { go } from '../app/navigation.ts';
import type { PageProps } from '../app/pages.ts';
import { api } from '../app/session.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Segments, Select } from '../ui/field.tsx';
import { plural, words } from '../ui/format.ts';
import { CoverageIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote, Skeleton } from '../ui/states.tsx';
import { useLoad } from '../ui/use-load.ts';
import { blindSpotSentences, blindSpots } from './blind-spots.ts';
import { Grid } from './grid.tsx';
import { type Matrix, matrixOf } from './matrix.ts';
import { coverageRoute } from './route.ts';
import { SourceList } from './source-list.tsx';
import { Spots } from './spots.tsx';
import { CategoryCards, Legend } from './summary.tsx';
import type { Coverage } from './types.ts';
import { useMedia } from './use-media.ts';
import { type CoverageState, viewOf } from './view.ts';

/** What each source can tell of, what came of it, and what nobody sees. */
export function CoveragePage({ place }: PageProps) {
  const { data, error, reload } = useLoad('coverage', async (signal) => {
    const [coverage, { sources }] = await Promise.all([
      api.ask<Coverage>('/v1/coverage', { signal }),
      api.ask<{ sources: SourceSummary[] }>('/v1/sources', { signal }),
    ]);
    return matrixOf(coverage, sources, Date.now());
  });
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>Coverage</h1>
          {data ? <Lead matrix={data} /> : <p>What your sources report, and what came.</p>}
        </div>
      </header>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {data ? <Loaded matrix={data} state={coverageRoute.read(place)} /> : error === undefined && <Waiting />}
    </div>
  );
}

/** How much is seen, and the worst of what is not. */
function Lead({ matrix: { rows, whole } }: { readonly matrix: Matrix }) {
  const collected = rows.filter(({ isCollected }) => isCollected).length;
  const seen = whole.filter(({ state }) => state === 'seen').length;
  return (
    <p>
      Of the {whole.length} types of events in the SaaS Event Maturity Matrix, {seen} came in the last 30 days, from{' '}
      {plural(collected, 'source')}.
    </p>
  );
}

function Loaded({ matrix, state }: { readonly matrix: Matrix; readonly state: CoverageState }) {
  const isNarrow = useMedia('(max-width: 720px)');
  const spots = useMemo(() => blindSpots(matrix), [matrix]);
  const view = viewOf(matrix, state);
  const sentences = blindSpotSentences(spots);
  const change = (part: Partial<CoverageState>) => go(coverageRoute.href({ ...state, ...part }), 'replace');
  const states = new Set([...matrix.whole, ...view.rows.flatMap(({ cells }) => cells)].map((cell) => cell.state));
  return (
    <div class="coverage">
      {sentences.length > 0 && (
        <ul class="coverage-lead" aria-label="The widest blind spots">
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <CategoryCards whole={matrix.whole} />
      <Filters state={state} change={change} />
      {view.groups.length === 0 ? (
        <Empty
          title="Nothing is missing here"
          icon={CoverageIcon}
          actions={<ButtonLink href={coverageRoute.href()}>Show every type</ButtonLink>}
        >
          Every type of this kind came in the last 30 days.
        </Empty>
      ) : (
        <>
          <Legend states={states} />
          {isNarrow ? <SourceList matrix={matrix} view={view} /> : <Grid matrix={matrix} view={view} />}
        </>
      )}
      <Spots spots={spots} />
    </div>
  );
}

function Filters(props: { readonly state: CoverageState; readonly change: (part: Partial<CoverageState>) => void }) {
  const { state, change } = props;
  return (
    <div class="row coverage-filters">
      <Segments
        label="Sources"
        value={state.sources}
        onValue={(sources) => change({ sources })}
        options={[
          { value: 'all', label: 'All sources' },
          { value: 'collected', label: 'Collected' },
        ]}
      />
      <Segments
        label="Types"
        value={state.types}
        onValue={(types) => change({ types })}
        options={[
          { value: 'all', label: 'All types' },
          { value: 'missing', label: 'Missing' },
        ]}
      />
      <Select<Category | ''>
        label="Category"
        hideLabel
        value={state.category ?? ''}
        onValue={(category) => change({ category: category === '' ? null : category })}
        options={[
          { value: '', label: 'Every category' },
          ...CATEGORIES.map((value) => ({ value, label: words(value) })),
        ]}
      />
    </div>
  );
}

/** As large as what will be there. */
function Waiting() {
  return (
    <div class="coverage" role="status" aria-label="Loading">
      <div class="coverage-cards">
        {CATEGORIES.map((category) => (
          <Skeleton key={category} height={104} />
        ))}
      </div>
      <Skeleton height={560} />
    </div>
  );
}
