import { categoryOf } from '../../shared/taxonomy.ts';
import { words } from '../ui/format.ts';
import type { Cell, State } from './matrix.ts';
import { cellHref, cellWords } from './view.ts';

/** The state as a shape, so that no colour is needed to tell it. */
export function Mark({ state }: { readonly state: State }) {
  return <span class={`mark ${state}`} aria-hidden="true" />;
}

export interface CellPlace {
  readonly title: string;
  readonly cell: Cell;
}

/** A cell of the grid. The grid says which of its links the Tab key finds. */
export function CellLink({ source, title, cell }: CellPlace & { readonly source: string | null }) {
  return (
    <a
      class="matrix-cell"
      href={cellHref(source, cell)}
      tabIndex={-1}
      data-category={categoryOf(cell.type) ?? 'none'}
      aria-label={`${title}, ${words(cell.type)}: ${cellWords(cell)}`}
    >
      <Mark state={cell.state} />
    </a>
  );
}
