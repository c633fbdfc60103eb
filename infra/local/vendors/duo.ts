import { z } from 'zod';
import type { Json, JsonObject } from '../../../shared/json.ts';
import adminLogin from '../../../shared/sources/duo.activity/examples/account_login.json' with { type: 'json' };
import addToGroup from '../../../shared/sources/duo.activity/examples/add_to_group.json' with { type: 'json' };
import createUser from '../../../shared/sources/duo.activity/examples/create_user.json' with { type: 'json' };
import updatePolicy from '../../../shared/sources/duo.activity/examples/update_security_configuration.json' with {
  type: 'json',
};
import createGroupV1 from '../../../shared/sources/duo.admin/examples/create_group.json' with { type: 'json' };
import createUserV1 from '../../../shared/sources/duo.admin/examples/create_user.json' with { type: 'json' };
import deleteUserV1 from '../../../shared/sources/duo.admin/examples/delete_user.json' with { type: 'json' };
import updateUserV1 from '../../../shared/sources/duo.admin/examples/update_user.json' with { type: 'json' };
import enrollment from '../../../shared/sources/duo.auth/examples/add_enrollment.json' with { type: 'json' };
import authentication from '../../../shared/sources/duo.auth/examples/mfa_verification.json' with { type: 'json' };
import { failure, signatureProblem } from './duo-signature.ts';
import type { FakeEvent, FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';

const MAX_ROWS = 1_000;
const WITHHELD_MS = 120_000;
const KEPT_MS = 180 * 86_400_000;
const MILLISECONDS = /^\d{13}$/;
const SECONDS = /^\d{1,10}$/;
const OFFSET = /^(\d{13}),([0-9a-f-]{36})$/;

/** A log of version 2. */
interface LogV2 {
  readonly path: string;
  readonly id: 'txid' | 'activity_id';
  readonly timesRequired: boolean;
  body(rows: readonly JsonObject[], next: readonly [string, string] | null, total: number): JsonObject;
}

const AUTHENTICATION: LogV2 = {
  path: '/admin/v2/logs/authentication',
  id: 'txid',
  timesRequired: true,
  body: (rows, next, total) => ({
    authlogs: [...rows],
    metadata: { next_offset: next && [...next], total_objects: total },
  }),
};

const ACTIVITY: LogV2 = {
  path: '/admin/v2/logs/activity',
  id: 'activity_id',
  timesRequired: false,
  body: (rows, next, total) => ({
    items: [...rows],
    metadata: { next_offset: next?.join(',') ?? null, total_objects: { relation: 'eq', value: total } },
  }),
};

const common = {
  secrets: { integrationKey: 'DIFAKEFAKEFAKEFAKE00', secretKey: 'not-a-real-secret-key-for-fakes-only-000' },
  settings: (url: string) => ({ baseUrl: url }),
  // Duo sends no Retry-After; whoever wants one asks for it.
  throttled: (retryAfterSeconds?: number): FakeReply => ({
    ...failure(42901, 'Too Many Requests'),
    ...(retryAfterSeconds !== undefined && { headers: { 'retry-after': String(retryAfterSeconds) } }),
  }),
};

/** Duo's authentication log, version 2. */
export const fakeDuoAuth: FakeVendor = {
  ...common,
  source: 'duo.auth',
  event: (n, at) => ({
    ...chosen([authentication, authentication, authentication, enrollment], n),
    txid: uuidOf(n),
    timestamp: secondOf(at),
    isotimestamp: microseconds(at),
  }),
  numberOf: ({ txid }) => numberOfUuid(txid),
  handle: (request, world) => answer(request, world, AUTHENTICATION.path, () => listV2(AUTHENTICATION, request, world)),
};

/** Duo's activity log. */
export const fakeDuoActivity: FakeVendor = {
  ...common,
  source: 'duo.activity',
  event: (n, at) => ({
    ...chosen([adminLogin, createUser, addToGroup, updatePolicy], n),
    activity_id: uuidOf(n),
    ts: microseconds(at),
  }),
  numberOf: (raw) => numberOfUuid(raw['activity_id']),
  handle: (request, world) => answer(request, world, ACTIVITY.path, () => listV2(ACTIVITY, request, world)),
};

const PATH_V1 = '/admin/v1/logs/administrator';

/** Duo's administrator log, version 1, whose rows have no ids. */
export const fakeDuoAdmin: FakeVendor = {
  ...common,
  source: 'duo.admin',
  event: (n, at) => ({
    ...chosen([createUserV1, updateUserV1, createGroupV1, deleteUserV1], n),
    object: `tide-${n}`,
    timestamp: secondOf(at),
    isotimestamp: `${at.toISOString().slice(0, 19)}+00:00`,
  }),
  numberOf: ({ object }) => Number(z.string().parse(object).replace('tide-', '')),
  handle: (request, world) => answer(request, world, PATH_V1, () => listV1(request, world)),
};

function answer(request: FakeRequest, world: World, path: string, list: () => FakeReply): FakeReply {
  const problem = signatureProblem(request, world);
  if (problem) return problem;
  if (request.url.pathname !== path) return failure(40401, 'Resource not found');
  return request.method === 'GET' ? list() : failure(40501, 'Method not allowed');
}

function ok(response: Json): FakeReply {
  return { status: 200, body: { response, stat: 'OK' } };
}

function invalid(detail: string): FakeReply {
  return failure(40002, 'Invalid request parameters', detail);
}

/** Both bounds are inclusive; rows of the last two minutes are withheld. */
function listV2({ id, timesRequired, body }: LogV2, { url }: FakeRequest, world: World): FakeReply {
  const query = url.searchParams;
  const now = world.now().getTime();
  if (timesRequired && !(query.has('mintime') && query.has('maxtime'))) {
    return failure(40001, 'Missing required request parameters');
  }
  const [mintime, maxtime] = [query.get('mintime') ?? String(now - KEPT_MS), query.get('maxtime') ?? String(now)];
  if (!MILLISECONDS.test(mintime)) return invalid("'mintime' must be a timestamp in milliseconds");
  if (!MILLISECONDS.test(maxtime)) return invalid("'maxtime' must be a timestamp in milliseconds");
  if (Number(mintime) >= Number(maxtime)) return invalid("'mintime' must be strictly less than 'maxtime'");
  if (Number(mintime) < now - KEPT_MS) return invalid('mintime must be within the past 180 days');
  const limit = Number(query.get('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS) return invalid("'limit' must be from 1 to 1000");
  const sort = query.get('sort') ?? 'ts:desc';
  if (sort !== 'ts:asc' && sort !== 'ts:desc') return invalid("'sort' must be ts:asc or ts:desc");
  const given = query.get('next_offset');
  const offset = given === null ? undefined : OFFSET.exec(given);
  if (offset === null) return invalid("'next_offset' is malformed");

  const direction = sort === 'ts:asc' ? 1 : -1;
  const key = ({ at, raw }: FakeEvent) => [String(at.getTime()), String(raw[id])] as const;
  const found = world
    .events()
    .filter(({ at }) => at.getTime() >= Number(mintime) && at.getTime() <= Number(maxtime))
    .filter(({ at }) => at.getTime() <= now - WITHHELD_MS)
    .sort((a, b) => compare(key(a), key(b)) * direction);
  const left = offset
    ? found.filter((event) => compare(key(event), [offset[1] ?? '', offset[2] ?? '']) * direction > 0)
    : found;
  const page = left.slice(0, Math.min(limit, world.pageSize ?? limit));
  const last = page.at(-1);
  const next = last && left.length > page.length ? key(last) : null;
  return ok(
    body(
      page.map(({ raw }) => raw),
      next,
      found.length,
    ),
  );
}

/** The oldest rows from `mintime` on; there is no other parameter. */
function listV1({ url }: FakeRequest, world: World): FakeReply {
  const mintime = url.searchParams.get('mintime') ?? '0';
  if (!SECONDS.test(mintime)) return invalid("'mintime' must be a timestamp in seconds");
  const rows = world
    .events()
    .filter(({ at }) => secondOf(at) >= Number(mintime))
    .sort((a, b) => secondOf(a.at) - secondOf(b.at))
    .slice(0, Math.min(MAX_ROWS, world.pageSize ?? MAX_ROWS));
  return ok(rows.map(({ raw }) => raw));
}

/** Times of 13 digits and ids of one length: text sorts them. */
function compare([timeA, idA]: readonly [string, string], [timeB, idB]: readonly [string, string]): number {
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}

function chosen(samples: readonly JsonObject[], n: number): JsonObject {
  return samples[n % samples.length] ?? {};
}

/** Ids in another order than numbers, as real ones have nothing to do with time. */
function uuidOf(n: number): string {
  const digits = n.toString(16).padStart(12, '0');
  return `${[...digits.slice(4)].reverse().join('')}-0000-4000-8000-${digits}`;
}

function numberOfUuid(uuid: unknown): number {
  return Number.parseInt(z.string().parse(uuid).slice(-12), 16);
}

function secondOf(at: Date): number {
  return Math.floor(at.getTime() / 1_000);
}

function microseconds(at: Date): string {
  return at.toISOString().replace('Z', '000+00:00');
}
