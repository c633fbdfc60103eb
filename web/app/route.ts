import { readParams, type Shape, type StateOf, writeParams } from './params.ts';
import { type Place, writePlace } from './place.ts';

/** A page's address: its name, and how its state is kept in the fragment. */
export interface Route<S extends Shape> {
  readonly page: string;
  /** The state of a place on this page. */
  read(place: Place): StateOf<S>;
  /** The whole default state. */
  readonly initial: StateOf<S>;
  /** An address, for `href` and {@link go}: what is not given is as by default. */
  href(state?: Partial<StateOf<S>>, id?: string | null): string;
}

/**
 * Describes a page's address.
 *
 * @example
 * ```ts
 * const coverage = route('coverage', { source: list(), show: choice(['all', 'missing'], 'all') });
 * coverage.href({ show: 'missing' }); // '#/coverage?show=missing'
 * ```
 */
export function route<const S extends Shape>(page: string, shape: S): Route<S> {
  const initial = readParams(shape, []);
  return {
    page,
    initial,
    read: (place) => readParams(shape, place.params),
    href: (state = {}, id = null) => writePlace({ page, id, params: writeParams(shape, { ...initial, ...state }) }),
  };
}
