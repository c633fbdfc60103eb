import { useMemo, useRef } from 'preact/hooks';
import { type Category, categoryOf, type EventType } from '../../shared/taxonomy.ts';
import { Store, useStore } from '../app/store.ts';
import { VendorText } from '../ui/data.tsx';
import { words } from '../ui/format.ts';
import { CellLink, type CellPlace, Mark } from './cell.tsx';
import { useGridKeys } from './grid-keys.ts';
import type { Cell, Matrix, Row } from './matrix.ts';
import { sourceHref } from './source-href.ts';
import { cellWords, countsOf, typeHeading, type View } from './view.ts';

const ALL = 'All you collect';

/** The whole matrix as a grid. The place pointed at is told in the line below it. */
export function Grid({ matrix, view }: { readonly matrix: Matrix; readonly view: View }) {
  const table = useRef<HTMLTableElement>(null);
  const [here] = useMemo(() => [new Store<CellPlace | null>(null)], []);
  useGridKeys(table);
  const types = view.groups.flatMap((group) => group.types);
  const firsts = new Set(view.groups.map((group) => group.types[0]));
  const wanted = new Set(types);
  const places = new Map<string, CellPlace>();
  const line = (key: string, source: string | null, title: string, cells: readonly Cell[]) =>
    cells
      .filter(({ type }) => wanted.has(type))
      .map((cell) => {
        const place = `${key} ${cell.type}`;
        places.set(place, { title, cell });
        return (
          <td key={cell.type} class={firsts.has(cell.type) ? 'first' : undefined} data-place={place}>
            <CellLink source={source} title={title} cell={cell} />
          </td>
        );
      });
  const follow = ({ target }: Event) => {
    const place = target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null;
    here.set((place && places.get(place)) || null);
  };
  const rowOf = (row: Row) => (
    <tr key={row.source} class={row.isCollected ? undefined : 'is-apart'}>
      <th scope="row">
        <a class="matrix-source" href={sourceHref(row)} tabIndex={-1}>
          <VendorText text={row.title} most={80} />
        </a>
      </th>
      {line(row.source, row.source, row.title, row.cells)}
      <RowCount isCollected={row.isCollected} cells={row.cells.filter(({ type }) => wanted.has(type))} />
    </tr>
  );
  const [collected, others] = [view.rows.filter((row) => row.isCollected), view.rows.filter((row) => !row.isCollected)];
  return (
    <div class="matrix-frame">
      <div class="matrix-scroll">
        <table
          ref={table}
          class="matrix"
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid of links is what it is (ARIA APG)
          role="grid"
          aria-label="Coverage: sources by event types"
          onFocusIn={follow}
          onPointerOver={follow}
          onPointerLeave={() => here.set(null)}
        >
          <thead>
            <tr>
              <th scope="col" rowSpan={2} class="corner">
                Source
              </th>
              {view.groups.map(({ category, types: { length } }) => (
                <th key={category} scope="colgroup" colSpan={length} class="group first" data-category={category}>
                  <span title={words(category)}>{words(category)}</span>
                </th>
              ))}
              <th scope="col" rowSpan={2} class="total total-head">
                Seen
              </th>
            </tr>
            <tr>
              {types.map((type) => (
                <TypeHead key={type} type={type} isFirst={firsts.has(type)} here={here} />
              ))}
            </tr>
          </thead>
          <tbody>
            <tr class="whole">
              <th scope="row">{ALL}</th>
              {line('', null, ALL, matrix.whole)}
              <td class="total figures">{countsOf(matrix.whole.filter(({ type }) => wanted.has(type))).seen}</td>
            </tr>
            {collected.map(rowOf)}
          </tbody>
          {others.length > 0 && (
            <tbody>
              <tr class="part">
                <th scope="rowgroup" colSpan={types.length + 2}>
                  <span>Not connected</span>
                </th>
              </tr>
              {others.map(rowOf)}
            </tbody>
          )}
        </table>
      </div>
      <Readout here={here} />
    </div>
  );
}

function TypeHead(props: {
  readonly type: EventType;
  readonly isFirst: boolean;
  readonly here: Store<CellPlace | null>;
}) {
  const { type, isFirst, here } = props;
  const isHere = useStore(here)?.cell.type === type;
  return (
    <th scope="col" class={['type', isFirst && 'first', isHere && 'is-here'].filter(Boolean).join(' ')}>
      <span>{typeHeading(type)}</span>
    </th>
  );
}

function RowCount({ isCollected, cells }: Pick<Row, 'isCollected' | 'cells'>) {
  const { given, seen } = countsOf(cells);
  const isOpen = cells.some(({ state }) => state === 'open');
  return (
    <td class="total figures">
      {isCollected && seen}
      {!isOpen && <span class="faint">{isCollected ? `/${given}` : given}</span>}
    </td>
  );
}

/** What the cell says that one points at; its link says the same to readers of the screen. */
function Readout({ here }: { readonly here: Store<CellPlace | null> }) {
  const place = useStore(here);
  return (
    <p class="readout" aria-hidden="true">
      {place ? (
        <>
          <span data-category={categoryOf(place.cell.type) satisfies Category | null}>
            <Mark state={place.cell.state} />
          </span>
          <strong>
            <VendorText text={place.title} most={80} />
          </strong>
          <span>{words(place.cell.type)}</span>
          <span class="muted">{cellWords(place.cell)}</span>
        </>
      ) : (
        <span class="muted">
          Point at a cell, or move with the arrow keys: this line tells what it says. Each leads to its events.
        </span>
      )}
    </p>
  );
}
