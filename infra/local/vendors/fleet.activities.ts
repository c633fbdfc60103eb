import type { JsonObject } from '../../../shared/json.ts';
import login from '../../../shared/sources/fleet.activities/examples/account_login.json' with { type: 'json' };
import policy from '../../../shared/sources/fleet.activities/examples/create_security_configuration.json' with {
  type: 'json',
};
import user from '../../../shared/sources/fleet.activities/examples/create_user.json' with { type: 'json' };
import liveQuery from '../../../shared/sources/fleet.activities/examples/query_resource.json' with { type: 'json' };
import type { FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';

const PATH = /^\/api\/(v1|latest)\/fleet\/activities$/;
const DEFAULT_PER_PAGE = 20;
const MAX_PER_PAGE = 10_000;
const EXAMPLES: readonly JsonObject[] = [login, policy, user, liveQuery];

export interface FleetOptions {
  /** As servers before December 2025, which do not know the date filters. */
  readonly ignoresDates?: boolean;
  /** As servers that say nothing about further pages. */
  readonly withoutMeta?: boolean;
  /** The token's user has no global role. */
  readonly withoutRole?: boolean;
}

/** A Fleet server's list of activities. */
export function fleetServer(options: FleetOptions = {}): FakeVendor {
  return {
    source: 'fleet.activities',
    secrets: { token: 'fleet-api-only-user-token-0001' },
    settings: (url) => ({ baseUrl: url }),
    event: (n, at) => ({ ...EXAMPLES[n % EXAMPLES.length], id: n + 1, created_at: secondOf(at) }),
    numberOf: ({ id }) => Number(id) - 1,
    handle: (request, world) => answer(request, world, options),
    // Fleet limits log-ins only; a proxy in front of it may limit anything.
    throttled: (retryAfterSeconds) => ({
      ...problem(429, `limit exceeded, retry after: ${retryAfterSeconds ?? 1}s`, 'request rate limit exceeded'),
      ...(retryAfterSeconds !== undefined && { headers: { 'retry-after': String(retryAfterSeconds) } }),
    }),
  };
}

export const fakeFleetActivities: FakeVendor = fleetServer();

function answer({ method, url, headers }: FakeRequest, world: World, options: FleetOptions): FakeReply {
  if (!PATH.test(url.pathname)) return problem(404, 'Resource Not Found', 'no such route');
  if (method !== 'GET') return problem(405, 'Method Not Allowed', 'method not allowed');
  const { token } = world.secrets;
  const claimed = headers['authorization'];
  if (claimed === undefined) return problem(401, 'Authentication required', 'Authentication required');
  if (claimed !== `Bearer ${token}`) return problem(401, 'Authentication failed', 'Authentication failed');
  if (options.withoutRole) return problem(403, 'forbidden', 'forbidden');
  return list(url.searchParams, world, options);
}

function list(query: URLSearchParams, world: World, { ignoresDates, withoutMeta }: FleetOptions): FakeReply {
  const page = wholeNumber(query, 'page');
  const perPage = wholeNumber(query, 'per_page');
  const orderKey = query.get('order_key') ?? '';
  const direction = query.get('order_direction') ?? '';
  if (typeof page === 'string') return badRequest(page);
  if (typeof perPage === 'string') return badRequest(perPage);
  if (perPage === 0) return badRequest('invalid per_page value');
  if (orderKey === '' && direction !== '') return badRequest('order_key must be specified with order_direction');
  if (!['', 'asc', 'desc'].includes(direction)) return badRequest(`unknown order_direction: ${direction}`);

  const all = world
    .events()
    .map(({ raw }) => raw)
    .filter((row) => ignoresDates || isBetween(row, query));
  const rows = orderKey === '' ? sorted(all, 'created_at', true) : sorted(all, orderKey, direction === 'desc');
  const asked = perPage ?? (page === undefined ? undefined : DEFAULT_PER_PAGE);
  const size = Math.min(
    asked ?? (ignoresDates ? rows.length : MAX_PER_PAGE),
    MAX_PER_PAGE,
    world.pageSize ?? MAX_PER_PAGE,
  );
  const start = (page ?? 0) * size;
  const meta = { has_next_results: start + size < rows.length, has_previous_results: start > 0 };
  const activities = rows.slice(start, start + size);
  return { status: 200, body: withoutMeta ? { activities } : { activities, meta } };
}

/** Both ends are included. */
function isBetween({ created_at: time }: JsonObject, query: URLSearchParams): boolean {
  const start = Date.parse(query.get('start_created_at') ?? '');
  const end = Date.parse(query.get('end_created_at') ?? '');
  const at = Date.parse(String(time));
  return !(at < start) && !(at > end);
}

function sorted(rows: readonly JsonObject[], key: string, descending: boolean): JsonObject[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(a[key], b[key]));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** A parameter as a number from 0, undefined without it; a text says what is wrong with it. */
function wholeNumber(query: URLSearchParams, name: string): number | string | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) return `non-int ${name} value`;
  return Number(text) < 0 ? (name === 'page' ? 'negative page value' : 'invalid per_page value') : Number(text);
}

function badRequest(reason: string): FakeReply {
  return problem(400, 'Bad request', reason);
}

function problem(status: number, message: string, reason: string): FakeReply {
  return {
    status,
    body: { message, errors: [{ name: 'base', reason }], uuid: '5c8b2f0e-6f37-4b1f-9b39-2f1a6b9d7c11' },
  };
}

/** MySQL keeps whole seconds. */
function secondOf(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}
