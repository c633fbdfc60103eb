import { type Json, type JsonObject, parseJson } from '../../../shared/json.ts';
import addToGroup from '../../../shared/sources/box.admin_logs/examples/add_to_group.json' with { type: 'json' };
import createResource from '../../../shared/sources/box.admin_logs/examples/create_resource.json' with { type: 'json' };
import createUser from '../../../shared/sources/box.admin_logs/examples/create_user.json' with { type: 'json' };
import downloadResource from '../../../shared/sources/box.admin_logs/examples/download_resource.json' with {
  type: 'json',
};
import updateResource from '../../../shared/sources/box.admin_logs/examples/update_resource.json' with { type: 'json' };
import { after, historyLog, LiveLog, type Placed, positionOf } from './box-log.ts';
import { ENTERPRISE, giveToken, isAuthorized } from './box-token.ts';
import type { FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';

const SAMPLES: readonly JsonObject[] = [createResource, downloadResource, addToGroup, updateResource, createUser];
const EVENT_ID = '5f0a1c2e-0000-4000-9000-';
const ID_DIGITS = 12;
const OFFSET = { ms: -7 * 3_600_000, text: '-07:00' };
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;
/** An offset in digits, no milliseconds. */
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/;

/** What is not documented, or was differently at times. */
export interface BoxBehaviour {
  /** What becomes of `created_after` and `created_before` together with a position. */
  readonly datesWithPosition: 'ignored' | 'honoured';
}

/** Box's enterprise events, and the token endpoint before them. */
export const fakeBox: FakeVendor = fakeBoxThat({ datesWithPosition: 'ignored' });

export function fakeBoxThat(behaviour: BoxBehaviour): FakeVendor {
  const liveLogs = new WeakMap<World, LiveLog>();
  const liveLogOf = (world: World): LiveLog => {
    const log = liveLogs.get(world) ?? new LiveLog(world, numberOf);
    liveLogs.set(world, log);
    return log;
  };
  return {
    source: 'box.admin_logs',
    secrets: { clientId: 'q8rkq2n1fmastviewer0000000000001', clientSecret: 'Zt5mCq0barometer9Ws2Lx7Vd4Kf1Hn8' },
    settings: (url) => ({ enterpriseId: ENTERPRISE, baseUrl: url }),
    event,
    numberOf,
    handle(request, world) {
      const path = `${request.method} ${request.url.pathname}`;
      if (path === 'POST /oauth2/token') return giveToken(request, world);
      if (!isAuthorized(request, world)) return error(401, 'unauthorized', 'Unauthorized');
      if (path === 'GET /2.0/events') return listEvents(request, world, liveLogOf(world), behaviour);
      return error(404, 'not_found', 'Not Found');
    },
    throttled: (retryAfterSeconds) =>
      error(
        429,
        'rate_limit_exceeded',
        'Request rate limit exceeded, please try again later',
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
      ),
  };
}

function event(n: number, at: Date): JsonObject {
  const sample = SAMPLES[n % SAMPLES.length] ?? {};
  // Box's own document has no null where there is nothing to say.
  const told = Object.fromEntries(Object.entries(sample).filter(([, value]) => value !== null));
  return {
    ...told,
    event_id: EVENT_ID + n.toString(16).padStart(ID_DIGITS, '0'),
    created_at: new Date(at.getTime() + OFFSET.ms).toISOString().slice(0, 19) + OFFSET.text,
    ip_address: `198.51.100.${n % 256}`,
  };
}

function numberOf(raw: JsonObject): number {
  return Number.parseInt(String(raw['event_id']).slice(-ID_DIGITS), 16);
}

function listEvents({ url }: FakeRequest, world: World, live: LiveLog, behaviour: BoxBehaviour): FakeReply {
  const query = url.searchParams;
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    return error(400, 'bad_request', `limit must be a number from 1 to ${MAX_LIMIT}`);
  }
  const asked = query.get('stream_position') ?? '0';
  if (asked === 'now') return eventsReply([], positionOf(live.newest()));
  if (!/^\d{1,19}$/.test(asked)) return error(400, 'bad_request', 'nextStreamPosition value is malformed');
  const type = query.get('stream_type') ?? 'all';
  // The feeds of one user: the app's own account does nothing.
  if (type !== 'admin_logs' && type !== 'admin_logs_streaming') return eventsReply([], '0');

  const isLive = type === 'admin_logs_streaming';
  const from = isBeginning(asked) ? '0' : asked;
  let log = after(isLive ? live.read() : historyLog(world), from);
  const types = query.get('event_type')?.split(',');
  if (types) log = log.filter(({ raw }) => types.includes(String(raw['event_type'])));
  if (!isLive) {
    const bounds = [query.get('created_after'), query.get('created_before')] as const;
    if (bounds.some((date) => date !== null && !DATE.test(date))) {
      return error(400, 'bad_request', 'created_after and created_before must be dates');
    }
    if (isBeginning(asked) || behaviour.datesWithPosition === 'honoured') log = between(log, ...bounds);
  }
  const page = log.slice(0, Math.min(limit, world.pageSize ?? MAX_LIMIT));
  const last = page.at(-1);
  // Seen at Box: an empty page sends its readers back to the beginning, unless they page through the history.
  return eventsReply(page, last ? positionOf(last) : isLive ? '0' : from);
}

/** Both bounds left out: nobody can rely on either. */
function between(log: readonly Placed[], from: string | null, to: string | null): readonly Placed[] {
  const lower = from === null ? Number.NEGATIVE_INFINITY : Date.parse(from);
  const upper = to === null ? Number.POSITIVE_INFINITY : Date.parse(to);
  return log.filter(({ created }) => {
    const second = Math.floor(created.getTime() / 1_000) * 1_000;
    return second > lower && second < upper;
  });
}

function isBeginning(position: string): boolean {
  return /^0*$/.test(position);
}

/** Positions have been strings, then numbers, then both: here it depends on the place. */
function eventsReply(page: readonly Placed[], position: string): FakeReply {
  const digits = [...position].reduce((sum, digit) => sum + Number(digit), 0);
  const next: Json = digits % 2 === 0 ? parseJson(position) : position;
  return {
    status: 200,
    body: { chunk_size: page.length, next_stream_position: next, entries: page.map(({ raw }) => raw) },
  };
}

function error(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): FakeReply {
  const help_url = 'http://developers.box.com/docs/#errors';
  const body = { type: 'error', status, code, help_url, message, request_id: '5f0a1c2ebarometer' };
  return { status, headers, body };
}
