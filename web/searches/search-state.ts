import type { SearchQuery } from '../api/types.ts';
import type { FeedState, ListFilter, TextFilter } from '../feed/route.ts';
import { feedRoute, LIST_FILTERS, TEXT_FILTERS } from '../feed/route.ts';

const SINGLE = [...TEXT_FILTERS, 'q', 'from', 'to'] as const;

interface Kept {
  readonly query: SearchQuery;
  readonly columns: readonly string[] | null;
}

/** The view of the feed that a search asks for. What the feed has no filter for is left out. */
export function stateOf({ query, columns }: Kept): Partial<FeedState> {
  const lists = LIST_FILTERS.map((name): [ListFilter, readonly string[]] => [name, valuesOf(query, name)]);
  const single = SINGLE.map((name) => [name, valuesOf(query, name)[0] ?? null] as const);
  return {
    ...(Object.fromEntries([...lists, ...single]) as Partial<FeedState>),
    order: query['order'] === 'oldest' ? 'oldest' : 'newest',
    ...(columns && { columns }),
  };
}

/** Where the feed shows what a search finds. */
export function searchHref(search: Kept): string {
  return feedRoute.href(stateOf(search));
}

/** The values of a parameter, however it was given. */
export function valuesOf(query: SearchQuery, name: string): readonly string[] {
  const value = query[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** One thing that a search asks for. */
export type Asked =
  | { readonly kind: 'filter'; readonly name: ListFilter | TextFilter; readonly values: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'time'; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'order' }
  | { readonly kind: 'columns'; readonly count: number };

/** All that a search asks for, in the order of the feed's filters. */
export function askedOf({ query, columns }: Kept): Asked[] {
  const filters = [...LIST_FILTERS, ...TEXT_FILTERS].flatMap((name): Asked[] => {
    const values = valuesOf(query, name);
    return values.length === 0 ? [] : [{ kind: 'filter', name, values }];
  });
  const [text] = valuesOf(query, 'q');
  const [from = null] = valuesOf(query, 'from');
  const [to = null] = valuesOf(query, 'to');
  return [
    ...filters,
    ...(text === undefined ? [] : [{ kind: 'text', text } as const]),
    ...(from === null && to === null ? [] : [{ kind: 'time', from, to } as const]),
    ...(query['order'] === 'oldest' ? [{ kind: 'order' } as const] : []),
    ...(columns ? [{ kind: 'columns', count: columns.length } as const] : []),
  ];
}
