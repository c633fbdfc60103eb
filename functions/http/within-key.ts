import type { EventQuery } from '../../shared/query/parameters.ts';
import type { ApiRequest } from './api.ts';
import { forbid } from './authorize.ts';

/**
 * The query as a key may ask it: one that is limited to sources sees no others.
 *
 * @throws HttpError 403 when it names a source that the key may not read; that is written down.
 */
export async function withinKey(request: ApiRequest, query: EventQuery): Promise<EventQuery> {
  const { key } = request;
  if (!key.sources) return query;
  const { source = key.sources } = query.filter;
  const refused = source.find((one) => !key.sources?.includes(one));
  if (refused !== undefined) throw await forbid(request, key, `this API key may not read source ${refused}`);
  return { ...query, filter: { ...query.filter, source } };
}
