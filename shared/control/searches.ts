import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { InvalidRequestError } from '../errors.ts';
import { canonicalJson } from '../json.ts';
import { TenantName } from '../names.ts';
import { Columns, parseQueryObject, QueryObject } from '../query/object.ts';
import type { EventQuery } from '../query/parameters.ts';
import { SOURCES } from '../sources/registry.ts';
import type { KeyRecord } from './keys.ts';
import type { Control } from './table.ts';

/** The partition of the control table that holds all searches. */
export const SEARCH_PARTITION = 'search';
/** It stands in the audit event, too. */
const MAX_QUERY_LENGTH = 8_192;
const SUGGESTED = 'suggested.';
/** Parameters that are of one request, not of what is looked for; `columns` are the fields. */
const OF_A_REQUEST = ['cursor', 'limit', 'format', 'fields'];

const Name = z.string().trim().min(1).max(100);

/** What the maker of a search says. */
export const SearchRequest = z.strictObject({
  name: Name,
  /** Parameters of `GET /v1/events`. */
  query: QueryObject,
  columns: Columns.nullish(),
  /** Seen by every key of the tenant; without it by the key that made it only. */
  shared: z.boolean().default(false),
});
export type SearchRequest = z.infer<typeof SearchRequest>;

/** What of a search can be changed. */
export const SearchChange = z.strictObject({
  name: Name.optional(),
  query: QueryObject.optional(),
  columns: Columns.nullish(),
  shared: z.boolean().optional(),
});
export type SearchChange = z.infer<typeof SearchChange>;

/** A search as it is stored. */
export const Search = z.strictObject({
  tenant: TenantName,
  id: z.string(),
  /** Rises with every change, so that none of two at once is lost. */
  version: z.int(),
  name: z.string(),
  query: QueryObject,
  columns: Columns.optional(),
  shared: z.boolean(),
  /** The API key that made it. */
  owner: z.strictObject({ id: z.string(), name: z.string() }),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Search = z.infer<typeof Search>;

/** A search as it is shown to the holder of a key. */
export const ShownSearch = Search.omit({ tenant: true, version: true }).extend({
  columns: Columns.nullable(),
  /** It comes with a source, and can't be changed. */
  suggested: z.boolean(),
  owner: Search.shape.owner.nullable(),
  /** The key that asks made it. */
  mine: z.boolean(),
  createdAt: z.string().nullable(),
  updatedAt: z.string().nullable(),
});
export type ShownSearch = z.infer<typeof ShownSearch>;

/** Searches in the control table. */
export class Searches {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** All of a tenant, private ones too, by name. */
  async list(tenant: string): Promise<Search[]> {
    const items = await this.#control.list(SEARCH_PARTITION, `${tenant}.`);
    return items.map(parse).sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
  }

  async get(tenant: string, id: string): Promise<Search | undefined> {
    const item = await this.#control.get(SEARCH_PARTITION, sortKey({ tenant, id }));
    return item && parse(item);
  }

  async create(search: Search): Promise<void> {
    await this.#control.put(SEARCH_PARTITION, sortKey(search), search, 'absent');
  }

  /** False when it was changed or deleted since it was read. */
  async replace(before: Search, after: Search): Promise<boolean> {
    return this.#control.put(SEARCH_PARTITION, sortKey(after), after, { version: before.version });
  }

  async delete(search: Search): Promise<void> {
    await this.#control.delete(SEARCH_PARTITION, sortKey(search));
  }
}

export function newSearch(
  { name, query, columns, shared }: SearchRequest,
  { tenant, id: owner, name: ownerName }: KeyRecord,
  now: Date,
): Search {
  const at = now.toISOString();
  return {
    tenant,
    id: randomBytes(8).toString('hex'),
    version: 1,
    name,
    query,
    ...(columns && { columns }),
    shared,
    owner: { id: `key_${owner}`, name: ownerName },
    createdAt: at,
    updatedAt: at,
  };
}

/** The search as a change leaves it. */
export function changedSearch({ columns: old, ...before }: Search, change: SearchChange, now: Date): Search {
  const { name = before.name, query = before.query, shared = before.shared } = change;
  const columns = change.columns === undefined ? old : change.columns;
  const changed = { name, query, shared, ...(columns && { columns }) };
  return { ...before, ...changed, version: before.version + 1, updatedAt: now.toISOString() };
}

/**
 * The query of a search, checked.
 *
 * @throws InvalidRequestError naming everything that `GET /v1/events` would not understand.
 */
export function queryOf({ query, columns }: Pick<Search, 'query' | 'columns'>): EventQuery {
  const problems = OF_A_REQUEST.filter((name) => Object.hasOwn(query, name)).map((name) => ({
    path: `query.${name}`,
    message: name === 'fields' ? 'belongs into columns' : 'is not kept: it is of one request',
  }));
  if (canonicalJson(query).length > MAX_QUERY_LENGTH)
    problems.push({ path: 'query', message: `must have at most ${MAX_QUERY_LENGTH} characters` });
  if (problems.length > 0) throw new InvalidRequestError('the body is not valid', problems);
  return parseQueryObject(query, columns);
}

/** True if a key may see a search: its own and shared ones, unless they ask for sources that it may not read. */
export function maySee(key: KeyRecord, { shared, owner, query }: Search): boolean {
  const sources = [query['source'] ?? []].flat();
  return (shared || owner.id === `key_${key.id}`) && sources.every((one) => !key.sources || key.sources.includes(one));
}

/** The search as the holder of a key sees it. */
export function shownTo(key: KeyRecord, search: Search): ShownSearch {
  const { tenant: _tenant, version: _version, columns = null, ...shown } = search;
  return { ...shown, columns, suggested: false, mine: search.owner.id === `key_${key.id}` };
}

/** The searches that come with the sources that a key may read. */
export function suggestedTo(key: KeyRecord): ShownSearch[] {
  return SOURCES.filter(({ name }) => !key.sources || key.sources.includes(name)).map(
    ({ name: source, suggestedSearch: { name, query } }) => ({
      id: `${SUGGESTED}${source}`,
      name,
      query: { source, ...query },
      columns: null,
      shared: true,
      suggested: true,
      owner: null,
      mine: false,
      createdAt: null,
      updatedAt: null,
    }),
  );
}

/** True for the id of a search that comes with a source. */
export function isSuggested(id: string): boolean {
  return id.startsWith(SUGGESTED);
}

function sortKey({ tenant, id }: Pick<Search, 'tenant' | 'id'>): string {
  return `${tenant}.${id}`;
}

function parse({ pk: _pk, sk: _sk, ...item }: Record<string, unknown>): Search {
  return Search.parse(item);
}
