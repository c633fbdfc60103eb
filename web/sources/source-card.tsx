import { feedRoute } from '../feed/route.ts';
import { VendorText } from '../ui/data.tsx';
import { dayOf } from '../ui/format.ts';
import { ConnectionRow } from './connection-row.tsx';
import { isCustom } from './custom.ts';
import { NotLogged } from './not-logged.tsx';
import type { Span } from './route.ts';
import { TIER_WORDS } from './tier.ts';
import type { Source } from './types.ts';

/** A source that is collected, with its connections. */
export function SourceCard({ source, span }: { readonly source: Source; readonly span: Span }) {
  const { name, title, product, lag, tier, connections } = source;
  const isApplication = isCustom(name);
  return (
    <section class="source" aria-labelledby={`source-${name}`}>
      <header>
        <div>
          <h2 id={`source-${name}`}>
            <VendorText text={isApplication ? product : title} most={80} /> <code class="faint">{name}</code>
          </h2>
          <p class="small muted">
            {TIER_WORDS[tier]} · Events come: {lag}
          </p>
        </div>
        <a class="source-events small" href={feedRoute.href({ source: [name], last: 'all' })}>
          Events<span class="visually-hidden"> of {title}</span>
        </a>
      </header>
      {connections.length > 0 ? (
        <ul>
          {connections.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} source={source} span={span} />
          ))}
        </ul>
      ) : (
        <div class="source-alone small muted">
          <p>
            {name === 'annals.audit'
              ? 'Annals writes this log itself. It needs no connection.'
              : isApplication
                ? 'An application sends these events with an API key.'
                : 'Its connection was deleted, or its events were imported.'}
            {source.lastDay !== null && ` Last on ${dayOf(source.lastDay, 'utc')}.`}
          </p>
          <NotLogged source={source} />
        </div>
      )}
    </section>
  );
}
