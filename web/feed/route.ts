import type { Query } from '../api/client.ts';
import { choice, list, type StateOf, text } from '../app/params.ts';
import { route } from '../app/route.ts';
import { LASTS, type Range } from './range.ts';

/** The filters that take several values, any of which matches. */
export const LIST_FILTERS = [
  'source',
  'category',
  'type',
  'outcome',
  'action',
  'connection',
  'ip',
  'session',
  'attribute',
] as const;
export type ListFilter = (typeof LIST_FILTERS)[number];
/** Those that take one: a name, or `kind:name`. */
export const TEXT_FILTERS = ['actor', 'target', 'entity'] as const;
export type TextFilter = (typeof TEXT_FILTERS)[number];

const shape = {
  source: list(),
  category: list(),
  type: list(),
  outcome: list(),
  action: list(),
  connection: list(),
  ip: list(),
  session: list(),
  attribute: list(),
  actor: text(),
  target: text(),
  entity: text(),
  q: text(),
  last: choice(LASTS, '30d'),
  from: text(),
  to: text(),
  order: choice(['newest', 'oldest'], 'newest'),
  /** The columns of the table; none for sentences. */
  columns: list(),
  /** The event in the drawer. */
  event: text(),
};

/** `#/events` is the feed, `#/events/<id>` one event. */
export const feedRoute = route('events', shape);
export type FeedState = StateOf<typeof shape>;
export type Filters = Pick<FeedState, ListFilter | TextFilter | 'q'>;

/** The state's filters as parameters of `GET /v1/events`, without times. */
export function filterQuery(state: Filters): Readonly<Record<string, string | readonly string[]>> {
  const entries = [...LIST_FILTERS, ...TEXT_FILTERS, 'q' as const].map((name) => [name, state[name]] as const);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value === null || value.length === 0 ? [] : [[name, value]])),
  );
}

/** All that says which events are meant, as parameters of the API. */
export function eventsQuery(state: Filters, range: Range): Query {
  return { ...filterQuery(state), ...range };
}

/** True when nothing but time is asked for. */
export function isUnfiltered(state: Filters): boolean {
  return Object.keys(filterQuery(state)).length === 0;
}
