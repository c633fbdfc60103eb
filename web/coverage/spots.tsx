import type { ComponentChildren } from 'preact';
import { feedRoute } from '../feed/route.ts';
import { sourcesRoute } from '../sources/route.ts';
import type { BlindSpots, ProductGap } from './blind-spots.ts';
import { LATELY_DAYS } from './matrix.ts';
import { listWords, TYPE_WORDS } from './type-words.ts';

const AT_FIRST = 3;

/** Every blind spot in words, each kind with what can be done about it. */
export function Spots({ spots }: { readonly spots: BlindSpots }) {
  const { dark, silent, stopped, offered } = spots;
  return (
    <section class="spots" aria-labelledby="spots">
      <h2 id="spots">Blind spots in words</h2>
      <Part
        title="No more"
        hint={`Came once, and not in the last ${LATELY_DAYS} days. Look whether the log was switched off, or the plan changed.`}
        isEmpty={stopped.length === 0}
      >
        <Gaps gaps={stopped} />
      </Part>
      <Part
        title="One connection away"
        hint="Another log of a product that you collect already reports it."
        isEmpty={offered.length === 0}
      >
        {offered.map((gap) => (
          <li key={`${gap.product} ${gap.by}`}>
            <strong>{gap.name}</strong>
            <span>
              {listWords(gap.cells.map(({ type }) => TYPE_WORDS[type]))}: in <a href={sourcesRoute.href()}>{gap.by}</a>
            </span>
          </li>
        ))}
      </Part>
      <Part title="Not reported" hint="No source that you collect has such events." isEmpty={dark.length === 0}>
        {dark.map(({ type, offeredBy }) => (
          <li key={type}>
            <strong>{capital(TYPE_WORDS[type])}</strong>
            <span class="muted">
              {offeredBy.length > 0 ? `would be in ${listWords(offeredBy)}` : 'in no source that Annals knows'}
            </span>
          </li>
        ))}
      </Part>
      <Part
        title="None came yet"
        hint="The product can report it. It may not have happened yet, or the log does not have it in your plan."
        isEmpty={silent.length === 0}
      >
        <Gaps gaps={silent} />
      </Part>
    </section>
  );
}

function Part(props: {
  readonly title: string;
  readonly hint: string;
  readonly isEmpty: boolean;
  readonly children: ComponentChildren;
}) {
  if (props.isEmpty) return null;
  return (
    <section class="spots-part">
      <div>
        <h3>{props.title}</h3>
        <p class="small muted">{props.hint}</p>
      </div>
      <ul>{props.children}</ul>
    </section>
  );
}

/** By product, the most telling types first; the rest can be opened. */
function Gaps({ gaps }: { readonly gaps: readonly ProductGap[] }) {
  return gaps.map(({ product, name, sources, cells }) => {
    const links = cells.map(({ type }) => (
      <a key={type} href={feedRoute.href({ source: sources, type: [type], last: 'all' })}>
        {TYPE_WORDS[type]}
      </a>
    ));
    const rest = links.slice(AT_FIRST);
    return (
      <li key={product}>
        <strong>{name}</strong>
        <span class="spots-types">
          {links.slice(0, AT_FIRST)}
          {rest.length > 0 && (
            <details>
              <summary>{rest.length} more</summary>
              <span class="spots-types">{rest}</span>
            </details>
          )}
        </span>
      </li>
    );
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
