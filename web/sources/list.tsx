import { useScope } from '../app/me.ts';
import { go } from '../app/navigation.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Segments } from '../ui/field.tsx';
import { plural } from '../ui/format.ts';
import { PlusIcon, SourcesIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote, Skeleton } from '../ui/states.tsx';
import { Connectable } from './connect.tsx';
import { newConnectionHref } from './links.ts';
import { SPAN_WORDS, type Span, sourcesRoute } from './route.ts';
import { SourceCard } from './source-card.tsx';
import { needsLook } from './status.ts';
import { StripLegend } from './strip-view.tsx';
import type { Source } from './types.ts';
import { useSources } from './use-sources.ts';

type State = ReturnType<typeof sourcesRoute.read>;

/** Every source: those collected with their connections, the others with how to connect them. */
export function SourcesList({ state }: { readonly state: State }) {
  const { data, error, reload } = useSources();
  const isAdmin = useScope('admin');
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>Sources</h1>
          <p>{data ? <Lead sources={data} /> : 'Where events come from, and whether all of them came.'}</p>
        </div>
        {isAdmin && (
          <ButtonLink kind="primary" icon={<PlusIcon />} href={newConnectionHref()}>
            New connection
          </ButtonLink>
        )}
      </header>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {data ? <Loaded sources={data} state={state} /> : error === undefined && <Waiting />}
    </div>
  );
}

function Lead({ sources }: { readonly sources: readonly Source[] }) {
  const connections = sources.flatMap((source) => source.connections);
  const ill = connections.filter(needsLook).length;
  const look = ill === 0 ? 'none needs attention' : `${ill} ${ill === 1 ? 'needs' : 'need'} attention`;
  return (
    <>
      {connections.length === 0 ? 'Nothing is connected yet.' : `${plural(connections.length, 'connection')}, ${look}.`}
    </>
  );
}

function Loaded({ sources, state }: { readonly sources: readonly Source[]; readonly state: State }) {
  const shown = state.source === null ? sources : sources.filter(({ name }) => name === state.source);
  const collected = shown.filter(isCollected).sort((a, b) => Number(isIll(b)) - Number(isIll(a)) || rank(a) - rank(b));
  const others = shown.filter((source) => !isCollected(source));
  return (
    <div class="sources">
      {state.source !== null && (
        <p class="row">
          <span class="muted">Only {shown[0]?.title ?? state.source}.</span>
          <a href={sourcesRoute.href({ ...state, source: null })}>Show every source</a>
        </p>
      )}
      {shown.length === 0 && (
        <Empty title="There is no such source" icon={SourcesIcon}>
          The address may have been cut short, or the key does not reach it.
        </Empty>
      )}
      {collected.some(({ connections }) => connections.length > 0) && (
        <div class="row spread">
          <StripLegend />
          <SpanChoice state={state} spans={['7d', '30d', '90d', '1y']} />
        </div>
      )}
      {collected.map((source) => (
        <SourceCard key={source.name} source={source} span={state.span} />
      ))}
      {others.length > 0 && (
        <section class="others" aria-labelledby="others">
          <h2 id="others">Not collected</h2>
          <div class="others-list">
            {others.map((source) => (
              <Connectable key={source.name} source={source} isOpen={state.source === source.name} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

/** How far back strips go. */
export function SpanChoice(props: { readonly state: State; readonly spans: readonly Span[]; readonly id?: string }) {
  const { state, spans, id = null } = props;
  return (
    <Segments
      label="How far back"
      value={state.span}
      onValue={(span) => go(sourcesRoute.href({ ...state, span }, id), 'replace')}
      options={spans.map((value) => ({ value, label: SPAN_WORDS[value] }))}
    />
  );
}

function isCollected({ name, connections, lastDay }: Source): boolean {
  return connections.length > 0 || lastDay !== null || name === 'annals.audit';
}

function isIll({ connections }: Source): boolean {
  return connections.some(needsLook);
}

/** What is connected before what comes by itself. */
function rank({ connections }: Source): number {
  return connections.length > 0 ? 0 : 1;
}

function Waiting() {
  return (
    <div class="sources" role="status" aria-label="Loading">
      {[0, 1, 2, 3, 4].map((index) => (
        <Skeleton key={index} height={112} />
      ))}
    </div>
  );
}
