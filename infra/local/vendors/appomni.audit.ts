import type { JsonObject } from '../../../shared/json.ts';
import userCreated from '../../../shared/sources/appomni.audit/examples/create_user.json' with { type: 'json' };
import { exchange, isGood } from './appomni-token.ts';
import type { FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';

const LIST = '/api/v1/core/auditlogs/';
const TOKEN = '/oauth/token/';
const CLIENT_ID = 'annals-api-application';
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 100;
const ID_START = '3f0c9a1e-7704-4b52-9d10-';
const ACTIONS = ['user_login_saml', 'user_created', 'policy_scan_ended', 'ao_sys_setting_change', 'user_login_failed'];

export interface AppomniOptions {
  /** Whether `since` and `before` are unknown to it. */
  readonly ignoresWindow?: boolean;
  /** What it does about `ordering=-action_at`, which its documentation does not promise for this list. */
  readonly order?: 'as asked' | 'oldest first' | 'none';
  /** Whether access tokens were granted by hand, instead of for a refresh token. */
  readonly manualToken?: boolean;
  /** What stands for the end in `next`. */
  readonly end?: null | 'null';
  /** Requests that were counted so far, of 2000. */
  readonly used?: number;
  /** The token's user has no role that may read the log. */
  readonly withoutRole?: boolean;
}

/** An AppOmni instance's audit log. */
export function appomniInstance(options: AppomniOptions = {}): FakeVendor {
  return {
    source: 'appomni.audit',
    secrets: options.manualToken
      ? { accessToken: 'manual-access-token-0001' }
      : { refreshToken: 'refresh-0-first', clientSecret: 'appomni-client-secret-0001' },
    settings: (url) => (options.manualToken ? { baseUrl: url } : { baseUrl: url, clientId: CLIENT_ID }),
    event,
    numberOf: ({ identifier }) => Number.parseInt(String(identifier).slice(ID_START.length), 16),
    handle: (request, world) => answer(request, world, options),
    // No Retry-After was seen; whoever wants one asks for it.
    throttled: (retryAfterSeconds) => ({
      ...detail(429, 'Request was throttled.'),
      headers: {
        'x-ratelimit': '2000/2000',
        ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      },
    }),
  };
}

export const fakeAppomniAudit: FakeVendor = appomniInstance();

/** Times have microseconds. */
function event(n: number, at: Date): JsonObject {
  const microseconds = String(n % 1_000).padStart(3, '0');
  return {
    ...userCreated,
    identifier: ID_START + n.toString(16).padStart(12, '0'),
    action_at: at.toISOString().replace('Z', `${microseconds}Z`),
    action_type: ACTIONS[n % ACTIONS.length] ?? 'user_created',
    ...(n % 3 === 0 && { user_id: null }),
  };
}

function answer(request: FakeRequest, world: World, options: AppomniOptions): FakeReply {
  const { method, url } = request;
  if (url.pathname === TOKEN && !options.manualToken) {
    return method === 'POST' ? exchange(request, world, CLIENT_ID) : detail(405, `Method "${method}" not allowed.`);
  }
  if (url.pathname !== LIST) return detail(404, 'Not found.');
  if (method !== 'GET') return detail(405, `Method "${method}" not allowed.`);
  const token = /^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1];
  if (token === undefined) return detail(401, 'Authentication credentials were not provided.');
  const good = options.manualToken ? token === world.secrets['accessToken'] : isGood(token, world);
  if (!good) return detail(401, 'Invalid token.');
  if (options.withoutRole) return detail(403, 'You do not have permission to perform this action.');
  return { ...list(url, world, options), headers: { 'x-ratelimit': `${options.used ?? 1}/2000` } };
}

function list(url: URL, world: World, { ignoresWindow, order = 'as asked', end = 'null' }: AppomniOptions): FakeReply {
  const query = url.searchParams;
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  const offset = Number(query.get('offset') ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    return { status: 400, body: { limit: [`Ensure this value is between 1 and ${MAX_LIMIT}.`] } };
  }
  if (!Number.isInteger(offset) || offset < 0)
    return { status: 400, body: { offset: ['A valid integer is required.'] } };
  for (const bound of ['since', 'before']) {
    const text = query.get(bound);
    if (!ignoresWindow && text !== null && Number.isNaN(Date.parse(text))) {
      return { status: 400, body: { [bound]: ['Enter a valid date/time.'] } };
    }
  }
  const rows = ordered(
    world.events().flatMap(({ raw }) => (ignoresWindow || isWithin(raw, query) ? [raw] : [])),
    order,
    query.get('ordering'),
  );
  const size = Math.min(limit, world.pageSize ?? limit);
  const link = (start: number) => {
    const to = new URL(url);
    to.searchParams.set('limit', String(size));
    to.searchParams.set('offset', String(start));
    return to.href;
  };
  const body = {
    count: rows.length,
    next: offset + size < rows.length ? link(offset + size) : end,
    previous: offset > 0 ? link(Math.max(0, offset - size)) : null,
    results: rows.slice(offset, offset + size),
  };
  return { status: 200, body };
}

/** Neither bound is included: nothing says so, and whoever relies on the contrary loses events. */
function isWithin({ action_at: time }: JsonObject, query: URLSearchParams): boolean {
  const at = instant(String(time));
  const since = query.get('since');
  const before = query.get('before');
  return (since === null || at > instant(since)) && (before === null || at < instant(before));
}

function ordered(rows: JsonObject[], order: AppomniOptions['order'], asked: string | null): JsonObject[] {
  if (order === 'none') return rows.toSorted((a, b) => hash(a) - hash(b));
  const oldestFirst = rows.toSorted((a, b) => {
    const [x, y] = [instant(String(a['action_at'])), instant(String(b['action_at']))];
    return x < y ? -1 : x > y ? 1 : 0;
  });
  return order === 'oldest first' || asked === 'action_at' ? oldestFirst : oldestFirst.toReversed();
}

/** A time that sorts as text, to the microsecond. */
function instant(time: string): string {
  const microseconds = /\.(\d+)/.exec(time)?.[1] ?? '';
  return `${new Date(time).toISOString().slice(0, 19)}.${microseconds.padEnd(6, '0')}`;
}

/** An order that has nothing to do with time. */
function hash({ identifier }: JsonObject): number {
  return Math.imul(Number.parseInt(String(identifier).slice(ID_START.length), 16) + 1, 0x9e3779b1);
}

function detail(status: number, text: string): FakeReply {
  return { status, body: { detail: text } };
}
