import {
  changedSearch,
  isSuggested,
  maySee,
  newSearch,
  queryOf,
  type Search,
  SearchChange,
  SearchRequest,
  shownTo,
} from '../../shared/control/searches.ts';
import { ConflictError, NotFoundError } from '../../shared/errors.ts';
import type { Change } from '../../shared/event/schema.ts';
import { canonicalJson } from '../../shared/json.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { forbid } from '../http/authorize.ts';
import { readInput, record } from '../http/input.ts';
import { withinKey } from '../http/within-key.ts';
import { searches } from '../services.ts';

const MOST_OF_A_KEY = 100;

/** `POST /v1/searches` */
export async function create(request: ApiRequest): Promise<Answer> {
  const { key, now } = request;
  const made = newSearch(readInput(request, SearchRequest), key, now);
  await withinKey(request, queryOf(made));
  const own = (await searches().list(key.tenant)).filter(({ owner }) => owner.id === made.owner.id);
  if (own.length >= MOST_OF_A_KEY)
    throw new ConflictError(`this API key has ${own.length} searches: delete some of them first`);
  await record(request, { action: 'search.create', target: targetOf(made), changes: changesOf(undefined, made) });
  await searches().create(made);
  return { status: 201, body: shownTo(key, made) };
}

/** `PATCH /v1/searches/{id}` */
export async function change(request: ApiRequest): Promise<Answer> {
  const { key, now } = request;
  const before = await findChangeable(request);
  const after = changedSearch(before, readInput(request, SearchChange), now);
  await withinKey(request, queryOf(after));
  const changes = changesOf(before, after);
  if (changes.length === 0) return { status: 200, body: shownTo(key, before) };
  const action = after.shared && !before.shared ? 'search.share' : 'search.update';
  await record(request, { action, target: targetOf(after), changes });
  if (!(await searches().replace(before, after)))
    throw new ConflictError('the search was changed or deleted meanwhile: read it again');
  return { status: 200, body: shownTo(key, after) };
}

/** `DELETE /v1/searches/{id}` */
export async function remove(request: ApiRequest): Promise<Answer> {
  const search = await findChangeable(request);
  await record(request, { action: 'search.delete', target: targetOf(search) });
  await searches().delete(search);
  return { status: 204 };
}

/**
 * The search of the path: one that the caller made, or a shared one for those who administer.
 *
 * @throws NotFoundError for one that the caller can't see, ConflictError for one that comes with a source, HttpError 403 for
 *   another's.
 */
async function findChangeable(request: ApiRequest): Promise<Search> {
  const { key, event } = request;
  const id = event.pathParameters?.['id'] ?? '';
  if (isSuggested(id))
    throw new ConflictError('this search comes with Annals and stays as it is: make one of your own of it');
  const found = await searches().get(key.tenant, id);
  if (!found || !maySee(key, found)) throw new NotFoundError('there is no search with this id');
  if (found.owner.id !== `key_${key.id}` && !key.scopes.includes('admin'))
    throw await forbid(
      request,
      key,
      'only the API key that made a search, and those with the scope admin, may change it',
    );
  return found;
}

function targetOf({ id, name }: Search) {
  return { type: 'saved_search', id, name };
}

/** What differs, old and new. */
function changesOf(before: Search | undefined, after: Search): Change[] {
  const [old, now] = [before ? attributesOf(before) : {}, attributesOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => old[name] !== now[name])
    .map((attribute) => ({
      attribute,
      ...(old[attribute] !== undefined && { old: old[attribute] }),
      ...(now[attribute] !== undefined && { new: now[attribute] }),
    }));
}

function attributesOf({ name, query, columns, shared }: Search): Record<string, string> {
  return { name, query: canonicalJson(query), ...(columns && { columns: columns.join() }), shared: String(shared) };
}
