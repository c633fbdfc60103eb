import { categoryOf } from '../../shared/taxonomy.ts';
import { VendorText } from '../ui/data.tsx';
import { countOf, dayOf, words } from '../ui/format.ts';
import { Mark } from './cell.tsx';
import type { Cell, Matrix, Row } from './matrix.ts';
import { sourceHref } from './source-href.ts';
import { cellHref, cellWords, countsOf, typeHeading, type View } from './view.ts';

/** The matrix where there is no room for one: source by source, each to be opened. */
export function SourceList({ matrix, view }: { readonly matrix: Matrix; readonly view: View }) {
  const wanted = new Set(view.groups.flatMap(({ types }) => types));
  const whole = matrix.whole.filter(({ type }) => wanted.has(type));
  return (
    <div class="coverage-list">
      <SourcePart title="All you collect" source={null} href={null} cells={whole} isCollected />
      {view.rows.map((row) => (
        <SourcePart
          key={row.source}
          title={row.title}
          source={row.source}
          href={sourceHref(row)}
          cells={row.cells.filter(({ type }) => wanted.has(type))}
          isCollected={row.isCollected}
        />
      ))}
    </div>
  );
}

interface SourcePartProps extends Pick<Row, 'title' | 'isCollected'> {
  readonly source: string | null;
  readonly href: string | null;
  readonly cells: readonly Cell[];
}

function SourcePart({ title, source, href, cells, isCollected }: SourcePartProps) {
  const { given, seen } = countsOf(cells);
  const isOpen = cells.some(({ state }) => state === 'open');
  return (
    <details>
      <summary>
        <span class="coverage-list-title">
          <VendorText text={title} most={80} />
        </span>
        <span class="small muted figures">
          {!isCollected ? 'Not connected' : isOpen ? `${seen} seen` : `${seen} of ${given} seen`}
        </span>
      </summary>
      <ul>
        {cells.map((cell) => (
          <li key={cell.type}>
            <a
              class="coverage-list-cell"
              href={cellHref(source, cell)}
              data-category={categoryOf(cell.type)}
              aria-label={`${words(cell.type)}: ${cellWords(cell)}`}
            >
              <Mark state={cell.state} />
              <span>{typeHeading(cell.type)}</span>
              <span class="small muted figures">{shortWords(cell)}</span>
            </a>
          </li>
        ))}
      </ul>
      {href && (
        <p class="small">
          <a href={href}>About this source</a>
        </p>
      )}
    </details>
  );
}

function shortWords({ state, count, last }: Cell): string {
  if (state === 'seen' || state === 'stale')
    return `${countOf(count)}${last === null ? '' : ` · ${dayOf(last, 'utc')}`}`;
  return { silent: 'None came yet', open: 'Never sent', offered: 'Once connected', none: 'Not reported' }[state];
}
