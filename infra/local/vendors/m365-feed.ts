import { createHash } from 'node:crypto';
import type { Json } from '../../../shared/json.ts';
import type { FakeReply, FakeRequest, World } from './fake.ts';
import { blobsBetween, createdAt, type FakeBlob, recordsOf } from './m365-blobs.ts';
import { claimsOf, TENANT } from './m365-token.ts';

const CONTENT_TYPES = ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General', 'DLP.All'];
const BLOBS_A_LIST = 200;
const DAY_MS = 86_400_000;
const KEPT_MS = 7 * DAY_MS;
const NEXT_PAGE_MS = 10 * 60_000;
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/;
const FEED = /^\/api\/v1\.0\/([^/]+)\/activity\/feed\/(.+)$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Status = 'enabled' | 'disabled';
/** What subscriptions each tenant has: none at first. */
const subscriptions = new WeakMap<World, Map<string, Status>>();

/** Answers the Office 365 Management Activity API. */
export function answerFeed(request: FakeRequest, world: World, isAuditing: boolean): FakeReply {
  const { url, method, headers } = request;
  const [, tenant = '', operation = ''] = FEED.exec(url.pathname) ?? [];
  if (operation === '')
    return { status: 404, body: { Message: `No HTTP resource was found that matches the request URI.` } };
  const claims = claimsOf(headers['authorization'], world);
  if (!claims) return { status: 401, body: { Message: 'Authorization has been denied for this request.' } };
  if (!GUID.test(tenant)) return failure('AF20013', `The tenant ID passed in the URL (${tenant}) is not a valid GUID.`);
  if (claims.tid !== tenant) {
    return failure(
      'AF20010',
      `The tenant ID passed in the URL (${tenant}) does not match the tenant ID passed in the access token (${claims.tid}).`,
    );
  }
  // Who names no publisher shares the requests of everybody else who names none: here there are none left.
  if (!GUID.test(url.searchParams.get('PublisherIdentifier') ?? ''))
    return tooMany('00000000-0000-0000-0000-000000000000');
  const contentType = url.searchParams.get('contentType') ?? '';
  const wanted = contentType === 'DLP.All' ? 'ActivityFeed.ReadDlp' : 'ActivityFeed.Read';
  if (!claims.roles.includes(wanted)) {
    return failure(
      'AF10001',
      `The permission set (${claims.roles.join(' ')}) sent in the request does not include the expected permission ${wanted}.`,
      403,
    );
  }
  if (!isAuditing) return auditingIsOff(operation);
  const blob = /^audit\/(.+)$/.exec(operation)?.[1];
  if (method === 'GET' && blob !== undefined) return content(decodeURIComponent(blob), world);
  const subscribed = subscriptions.get(world) ?? new Map<string, Status>();
  subscriptions.set(world, subscribed);
  if (method === 'GET' && operation === 'subscriptions/list') {
    return ok([...subscribed].map(([type, status]) => ({ contentType: type, status, webhook: null })));
  }
  if (contentType === '') return failure('AF20001', 'Missing parameter: contentType.');
  if (!CONTENT_TYPES.includes(contentType)) return failure('AF20020', 'The specified content type is not valid.');
  switch (`${method} ${operation}`) {
    case 'POST subscriptions/start':
      if (subscribed.get(contentType) === 'enabled') {
        return failure('AF20024', 'The subscription is already enabled. No property change.');
      }
      subscribed.set(contentType, 'enabled');
      return ok({ contentType, status: 'enabled', webhook: null });
    case 'POST subscriptions/stop':
      subscribed.set(contentType, 'disabled');
      return { status: 200 };
    case 'GET subscriptions/content':
      if (subscribed.get(contentType) === undefined) {
        return failure('AF20022', 'No subscription found for the specified content type.');
      }
      if (subscribed.get(contentType) === 'disabled') {
        return failure('AF20023', 'The subscription was disabled by a tenant admin.');
      }
      return list(contentType, request, world);
    default:
      return { status: 405, body: { Message: `The requested resource does not support http method '${method}'.` } };
  }
}

/** The documented way to say "too many requests": a 403, its body no JSON. */
export function tooMany(publisher: string, retryAfterSeconds?: number): FakeReply {
  return {
    status: 403,
    body: `{'error':{'code':'AF429','message':'Too many requests. Method=GetBlob, PublisherId=${publisher}'}}`,
    ...(retryAfterSeconds !== undefined && { headers: { 'Retry-After': String(retryAfterSeconds) } }),
  };
}

function list(contentType: string, { url }: FakeRequest, world: World): FakeReply {
  const now = world.now().getTime();
  const query = url.searchParams;
  const [start, end] = [query.get('startTime'), query.get('endTime')];
  if ((start === null) !== (end === null)) return failure('AF20030', WINDOW);
  for (const [name, value] of Object.entries({ startTime: start, endTime: end })) {
    if (value !== null && !TIME.test(value))
      return failure('AF20002', `Invalid parameter type: ${name}. Expected type: DateTime`);
  }
  const from = start === null ? new Date(now - DAY_MS) : timeOf(start);
  const to = end === null ? new Date(now) : timeOf(end);
  const span = to.getTime() - from.getTime();
  if (span < 0 || span > DAY_MS || from.getTime() < now - KEPT_MS) return failure('AF20055', WINDOW);
  const token = query.get('nextPage');
  const after = token === null ? undefined : positionOf(token, now);
  if (token !== null && !after) return failure('AF20031', `Invalid nextPage Input: ${token}.`);

  const blobs = blobsBetween(world, contentType, from, to).sort((a, b) => inOrder(position(a), position(b)));
  const left = after ? blobs.filter((blob) => inOrder(position(blob), after) > 0) : blobs;
  const listed = left.slice(0, Math.min(BLOBS_A_LIST, world.pageSize ?? BLOBS_A_LIST));
  const last = listed.at(-1);
  // Nobody promises an order.
  const shuffled = listed.toSorted((a, b) => (digest(a.id) < digest(b.id) ? -1 : 1));
  const body = shuffled.map(({ id, created }) => ({
    contentType,
    contentId: id,
    contentUri: `${url.origin}/api/v1.0/${TENANT}/activity/feed/audit/${id}`,
    contentCreated: created.toISOString(),
    contentExpiration: new Date(created.getTime() + KEPT_MS).toISOString(),
  }));
  if (!last || left.length === listed.length) return ok(body);
  const next = new URL(url.origin + url.pathname);
  const nextPage = Buffer.from(JSON.stringify([...position(last), now])).toString('base64url');
  for (const [name, value] of Object.entries({ contentType, startTime: text(from), endTime: text(to), nextPage })) {
    next.searchParams.set(name, value);
  }
  return { ...ok(body), headers: { NextPageUri: next.href } };
}

function content(id: string, world: World): FakeReply {
  const contentType = CONTENT_TYPES.find((one) => createdAt(id, one) !== undefined);
  const created = contentType && createdAt(id, contentType);
  if (!contentType || !created) return failure('AF20052', `Content ID ${id} in the URL is invalid.`);
  if (created.getTime() + KEPT_MS < world.now().getTime()) {
    return failure(
      'AF20051',
      `Content requested with the key ${id} has already expired. Content older than 7 days cannot be retrieved.`,
    );
  }
  const records = recordsOf(world, id, contentType);
  return records ? ok(records) : failure('AF20050', `The specified content (${id}) does not exist.`, 404);
}

const WINDOW =
  'Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart, with the start time no more than 7 days in the past.';

/** As people report it: the words come after a long beginning. */
function auditingIsOff(operation: string): FakeReply {
  const ids = `[TenantId=${TENANT},ContentType=Audit.General,ApplicationId=0c0c0c0c-0000-4000-8000-00000000c001,PublisherId=${TENANT}]`;
  return failure(
    `${operation} [CorrId=5a5a5a5a-0000-4000-8000-00000000aa00]${ids}[AppId`,
    `${TENANT}] failed. Exception: Microsoft.Office.Compliance.Audit.DataServiceException: Tenant ${TENANT} does not exist.\r\n   at Microsoft.Office.Compliance.Audit.API.AzureManager.MoveNext()`,
  );
}

function failure(code: string, message: string, status = 400): FakeReply {
  return { status, body: { error: { code, message } } };
}

function ok(body: Json): FakeReply {
  return { status: 200, body };
}

type Position = readonly [created: number, id: string];

function position({ created, id }: FakeBlob): Position {
  return [created.getTime(), id];
}

function inOrder(a: Position, b: Position): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}

/** Where a list goes on, by a token that is not too old. */
function positionOf(token: string, now: number): Position | undefined {
  try {
    const [created, id, givenAt] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [number, string, number];
    return now - givenAt <= NEXT_PAGE_MS ? [created, id] : undefined;
  } catch {
    return undefined;
  }
}

function timeOf(value: string): Date {
  return new Date(value.length === 10 ? `${value}T00:00:00Z` : `${value}${value.length === 16 ? ':00' : ''}Z`);
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

function text(time: Date): string {
  return time.toISOString().slice(0, 19);
}
