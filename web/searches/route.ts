import { text } from '../app/params.ts';
import { route } from '../app/route.ts';

export const searchesRoute = route('searches', {
  /** The one source whose searches are shown. */
  source: text(),
});
