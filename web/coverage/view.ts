import { CATEGORIES, type Category, categoryOf, type EventType } from '../../shared/taxonomy.ts';
import { feedRoute } from '../feed/route.ts';
import { dayOf, plural, words } from '../ui/format.ts';
import { type Cell, isMissing, LATELY_DAYS, type Matrix, type Row } from './matrix.ts';
import type { coverageRoute } from './route.ts';

export type CoverageState = ReturnType<typeof coverageRoute.read>;

/** What the filters leave of a matrix. */
export interface View {
  readonly rows: readonly Row[];
  /** The types by category, without categories that are empty. */
  readonly groups: readonly TypeGroup[];
}

export interface TypeGroup {
  readonly category: Category;
  readonly types: readonly EventType[];
}

export function viewOf({ rows, whole }: Matrix, { sources, types, category }: CoverageState): View {
  const shown = whole
    .filter((cell) => types === 'all' || isMissing(cell))
    .map(({ type }) => type)
    .filter((type) => category === null || categoryOf(type) === category);
  return {
    rows: sources === 'all' ? rows : rows.filter(({ isCollected }) => isCollected),
    groups: CATEGORIES.map((one) => ({
      category: one,
      types: shown.filter((type) => categoryOf(type) === one),
    })).filter((group) => group.types.length > 0),
  };
}

/** How many types it gives, and how many of them came lately. */
export function countsOf(cells: readonly Cell[]): { readonly given: number; readonly seen: number } {
  return {
    given: cells.filter(({ state }) => state !== 'none').length,
    seen: cells.filter(({ state }) => state === 'seen').length,
  };
}

/** What a cell says, in words: "1,203 events, the last on 21 Nov 2026". */
export function cellWords({ state, count, last }: Cell): string {
  const came = `about ${plural(count, 'event')}${last === null ? '' : `, the last on ${dayOf(last, 'utc')}`}`;
  return {
    seen: came,
    stale: `nothing in the last ${LATELY_DAYS} days; before that ${came}`,
    silent: 'reported, but none came yet',
    open: 'the application may send it, and never did',
    offered: 'reported once this source is connected',
    none: 'not reported',
  }[state];
}

/** The activity that a cell counts; `source` null for all of them. */
export function cellHref(source: string | null, { type, state }: Cell): string {
  return feedRoute.href({
    ...(source !== null && { source: [source] }),
    type: [type],
    // What is older than the feed's default would look as if it had never been.
    last: state === 'seen' ? '30d' : 'all',
  });
}

/** The heading of a type: its key in words, shortened where it is long. */
export function typeHeading(type: EventType): string {
  return words(type).replace('security configuration', 'security setting').replace('Mfa', 'MFA');
}
