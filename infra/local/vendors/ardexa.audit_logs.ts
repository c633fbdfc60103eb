import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Json, type JsonObject, parseJson, scalarText } from '../../../shared/json.ts';
import accountLogin from '../../../shared/sources/ardexa.audit_logs/examples/account_login.json' with { type: 'json' };
import createResource from '../../../shared/sources/ardexa.audit_logs/examples/create_resource.json' with {
  type: 'json',
};
import downloadResource from '../../../shared/sources/ardexa.audit_logs/examples/download_resource.json' with {
  type: 'json',
};
import updateGroup from '../../../shared/sources/ardexa.audit_logs/examples/update_group.json' with { type: 'json' };
import type { FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';

const WORKGROUP = 'wg-4711';
const SEARCH = /^\/api\/v1\/tables\/([^/]+)\/([^/]+)\/search$/;
const RENEW = '/api/v1/token/renew';
const DEFAULT_ROWS = 50;
const MOST_ROWS = 10_000;
const SAMPLES: readonly JsonObject[] = [accountLogin, updateGroup, downloadResource, createResource];
const PEOPLE = ['ines.calder', 'jonas.weil', 'mara.lindt', 'otto.brandt', 'petra.nagy', 'rafe.sato', 'uma.reyes'];
/** Where the number of an event stands. */
const NUMBERED = 'entity_id';

const KEY = randomBytes(32);

export interface TokenClaims {
  readonly iat: number;
  readonly exp: number;
  /** The tick "can renew". */
  readonly renewable: boolean;
}

/** An API token as Admin, Access, API gives it: times in epoch seconds. */
export function ardexaToken({ iat, exp, renewable }: TokenClaims): string {
  const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const id = randomBytes(6).toString('base64url');
  const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iat, exp, jti: id, can_renew: renewable })}`;
  return `${head}.${createHmac('sha256', KEY).update(head).digest('base64url')}`;
}

const Claims = z.object({ iat: z.number(), exp: z.number(), can_renew: z.boolean() }).partial();
const Filter = z.strictObject({ field: z.string(), operator: z.enum(['=', '>=', '<=']), value: z.string() });

/** The search API of an Ardexa cloud with one workgroup. */
export const fakeArdexa: FakeVendor = {
  source: 'ardexa.audit_logs',
  secrets: { token: ardexaToken({ iat: 1_577_836_800, exp: 4_102_444_800, renewable: true }) },
  settings: (url) => ({ baseUrl: url, workgroup: WORKGROUP }),

  event(n, at) {
    const sample = SAMPLES[n % SAMPLES.length] ?? {};
    return {
      ...sample,
      event_time: at.toISOString(),
      user_id: `${PEOPLE[n % PEOPLE.length]}@example.com`,
      [NUMBERED]: `${sample['entity']}-${n}`,
    };
  },

  numberOf: (raw) => Number(/-(\d+)$/.exec(scalarText(raw[NUMBERED]) ?? '')?.[1] ?? Number.NaN),

  handle(request, world) {
    const claims = claimsOf(request, world);
    if (!claims) return problem(401, 'Invalid token');
    if (request.method !== 'GET') return problem(404, 'Not found');
    if (request.url.pathname === RENEW) return renew(claims, world);
    const [, workgroup, table] = SEARCH.exec(request.url.pathname) ?? [];
    if (workgroup !== WORKGROUP || table !== 'audit_logs') return problem(404, 'Table not found');
    return search(request.url.searchParams, world);
  },

  throttled: (retryAfterSeconds) => ({
    status: 429,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    body: { message: 'Too many requests' },
  }),
};

function search(parameters: URLSearchParams, world: World): FakeReply {
  const asked = Number(parameters.get('rows') ?? DEFAULT_ROWS);
  if (!Number.isInteger(asked) || asked < 1 || asked > MOST_ROWS) return problem(400, `rows must be 1 to ${MOST_ROWS}`);
  const filters = filtersOf([...parameters.getAll('filters'), ...parameters.getAll('filters[]')]);
  if (!filters) return problem(400, 'filters must be JSON');
  const sort = parameters.get('sort') ?? 'event_time';
  const field = sort.replace(/^-/, '');
  const found = world
    .events()
    .map(({ raw }) => raw)
    .filter((row) => filters.every((filter) => fits(row, filter)))
    .toSorted((a, b) => compare(a[field], b[field]) * (sort.startsWith('-') ? -1 : 1));
  const limit = Math.min(asked, world.pageSize ?? asked);
  const fields = parameters.getAll('fields');
  const records = found.slice(0, limit).map((row) => only(row, fields));
  // An answer is as long as was asked for, unless it says how long.
  return { status: 200, body: { records, ...(limit < asked && { limit }) } };
}

function renew({ iat, exp, can_renew }: z.infer<typeof Claims>, world: World): FakeReply {
  if (!can_renew || iat === undefined || exp === undefined) return problem(403, 'This token cannot be renewed');
  const now = Math.floor(world.now().getTime() / 1_000);
  const token = ardexaToken({ iat: now, exp: now + (exp - iat), renewable: true });
  world.rotate({ token });
  return { status: 200, body: { token } };
}

/** What the token says, if it is the one that is good now; a token of another kind says nothing. */
function claimsOf({ headers }: FakeRequest, world: World): z.infer<typeof Claims> | undefined {
  const [, token = ''] = /^bearer (\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (token !== world.secrets['token']) return undefined;
  const { data = {} } = Claims.safeParse(jsonOf(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
  return data.exp === undefined || data.exp * 1_000 > world.now().getTime() ? data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function filtersOf(texts: readonly string[]): z.infer<typeof Filter>[] | undefined {
  return z.array(Filter).safeParse(texts.map(jsonOf)).data;
}

function fits(row: JsonObject, { field, operator, value }: z.infer<typeof Filter>): boolean {
  if (scalarText(row[field]) === undefined) return false;
  const order = compare(row[field], value);
  if (operator === '=') return order === 0;
  return operator === '>=' ? order >= 0 : order <= 0;
}

/** Times by time, texts by their code units; rows without the column come first. */
function compare(one: Json | undefined, other: Json | undefined): number {
  const [a = '', b = ''] = [scalarText(one), scalarText(other)];
  const [timeA, timeB] = [timeOf(a), timeOf(b)];
  if (timeA !== undefined && timeB !== undefined) return timeA - timeB;
  return a < b ? -1 : a > b ? 1 : 0;
}

function timeOf(text: string): number | undefined {
  return z.iso.datetime({ offset: true }).safeParse(text).success ? Date.parse(text) : undefined;
}

function only(row: JsonObject, fields: readonly string[]): JsonObject {
  return fields.length === 0 ? row : Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)));
}

function problem(status: number, message: string): FakeReply {
  return { status, body: { message } };
}
