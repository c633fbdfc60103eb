import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const STEPS: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-8, 0],
  PageDown: [8, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

/** The place that a key leads to within a grid, each row having as many places as `lengths` says; null for other keys. */
export function stepTo(
  key: string,
  row: number,
  column: number,
  lengths: readonly number[],
): { readonly row: number; readonly column: number } | null {
  const step = STEPS[key];
  if (!step || lengths.length === 0) return null;
  const nextRow = within(row + step[0], lengths.length);
  return { row: nextRow, column: within(column + step[1], lengths[nextRow] ?? 0) };
}

function within(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}

/**
 * Makes one stop of all links in a table: Tab finds the one that was used last, arrows lead to the others (ARIA APG, grid).
 * Done on the document, as rendering hundreds of cells for each step would be slow.
 */
export function useGridKeys(table: RefObject<HTMLTableElement | null>): void {
  useEffect(() => {
    const element = table.current;
    if (element && !element.querySelector('a[tabindex="0"]')) element.querySelector('a')?.setAttribute('tabindex', '0');
  });
  useEffect(() => {
    const element = table.current;
    if (!element) return;
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLAnchorElement)) return;
      for (const link of element.querySelectorAll('a[tabindex="0"]')) link.setAttribute('tabindex', '-1');
      target.tabIndex = 0;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
      const rows = [...element.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('a')]);
      const filled = rows.filter((links) => links.length > 0);
      const link = event.target.closest('a');
      const row = filled.findIndex((links) => link !== null && links.includes(link));
      if (!link || row < 0) return;
      const to = stepTo(
        event.key,
        row,
        filled[row]?.indexOf(link) ?? 0,
        filled.map(({ length }) => length),
      );
      if (!to) return;
      event.preventDefault();
      filled[to.row]?.[to.column]?.focus();
    };
    element.addEventListener('focusin', onFocus);
    element.addEventListener('keydown', onKey);
    return () => {
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('keydown', onKey);
    };
  }, []);
}
