import { sourcesRoute } from '../sources/route.ts';
import type { Row } from './matrix.ts';

/** The page of a source's only connection, or where the source is told of. */
export function sourceHref({ source, connections }: Pick<Row, 'source' | 'connections'>): string {
  const [only, another] = connections;
  return only !== undefined && another === undefined ? sourcesRoute.href({}, only) : sourcesRoute.href({ source });
}
