import { type Place, parsePlace } from './place.ts';
import { Store, useStore } from './store.ts';

const place = new Store<Place>(parsePlace(location.hash));

window.addEventListener('hashchange', () => place.set(parsePlace(location.hash)));

/** Where one is. */
export function usePlace(): Place {
  return useStore(place);
}

/**
 * Goes to an address that {@link route} made.
 *
 * @param how `replace` for what is not worth a step back, such as the event that the drawer shows.
 */
export function go(href: string, how: 'push' | 'replace' = 'push'): void {
  if (href === location.hash) return;
  if (how === 'push') history.pushState(null, '', href);
  else history.replaceState(null, '', href);
  place.set(parsePlace(href));
}
