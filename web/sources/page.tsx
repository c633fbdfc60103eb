import type { PageProps } from '../app/pages.ts';
import { ConnectionDetail } from './detail.tsx';
import { SourcesList } from './list.tsx';
import { sourcesRoute } from './route.ts';

/** `#/sources` is the list, `#/sources/<connection id>` one connection. */
export function SourcesPage({ place }: PageProps) {
  const state = sourcesRoute.read(place);
  if (place.id !== null) return <ConnectionDetail key={place.id} id={place.id} state={state} />;
  return <SourcesList state={state} />;
}
