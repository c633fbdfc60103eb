import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../shared/json.ts';
import signIn from '../../../shared/sources/github.audit/examples/account_login.json' with { type: 'json' };
import addMember from '../../../shared/sources/github.audit/examples/add_to_group.json' with { type: 'json' };
import createTeam from '../../../shared/sources/github.audit/examples/create_group.json' with { type: 'json' };
import deleteRepository from '../../../shared/sources/github.audit/examples/delete_resource.json' with { type: 'json' };
import gitClone from '../../../shared/sources/github.audit/examples/download_resource.json' with { type: 'json' };
import publishRepository from '../../../shared/sources/github.audit/examples/update_resource.json' with {
  type: 'json',
};
import type { FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';
import { APP, accessOf, appKey, failure, grantInstallationToken } from './github-access.ts';
import { BadSearch, comparePositions, cursorOf, type Position, type Search, searchOf } from './github-search.ts';

const ORGANIZATION = { name: 'northwind-labs', id: 70010001 };
const ENTERPRISE = { name: 'northwind', id: 6101 };
const DAY_MS = 86_400_000;
const KEPT_MS = { web: 180 * DAY_MS, git: 7 * DAY_MS };
const PATH = /^(\/api\/v3)?\/(orgs|organizations|enterprises)\/([^/]+)\/audit-log$/;
const TOKENS = /^(?:\/api\/v3)?\/app\/installations\/(\d+)\/access_tokens$/;

const WEB: readonly JsonObject[] = [signIn, addMember, createTeam, publishRepository, deleteRepository];
const GIT: readonly JsonObject[] = [
  gitClone,
  { ...gitClone, action: 'git.fetch' },
  { ...gitClone, action: 'git.push', transport_protocol: 2, transport_protocol_name: 'ssh' },
];

/** GitHub's audit log of an organization and of the enterprise it is in, asked with an owner's token. */
export const fakeGithub: FakeVendor = {
  source: 'github.audit',
  secrets: { token: `ghp_${'aNnA1s'.repeat(6)}` },
  settings: (url) => ({ organization: ORGANIZATION.name, baseUrl: url }),
  event,
  numberOf: (raw) => Buffer.from(String(raw['_document_id']), 'base64url').readUInt32BE(12),
  handle,
  throttled: (retryAfterSeconds) =>
    failure(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    ),
};

/** The same, asked by a GitHub App. */
export const fakeGithubApp: FakeVendor = {
  ...fakeGithub,
  get secrets() {
    return { privateKey: appKey() };
  },
  settings: (url) => ({
    organization: ORGANIZATION.name,
    app: { clientId: APP.clientId, installationId: APP.installationId },
    baseUrl: url,
  }),
};

/** Rows of the website were recorded a little before the time that GitHub sorts by; Git rows do not say. */
function event(n: number, at: Date, stream: string): JsonObject {
  const rows = stream === 'git' ? GIT : WEB;
  const time = at.getTime();
  return {
    ...rows[n % rows.length],
    '@timestamp': time,
    _document_id: documentId(n),
    ...(stream !== 'git' && { created_at: time - (n % 4) * 250 }),
  };
}

/** Ids look random and are in no order; the last 4 bytes are the number. */
function documentId(n: number): string {
  const id = createHash('sha256').update(`row ${n}`).digest().subarray(0, 16);
  id.writeUInt32BE(n, 12);
  return id.toString('base64url');
}

function handle(request: FakeRequest, world: World): FakeReply {
  const { method, url } = request;
  const [, installation] = TOKENS.exec(url.pathname) ?? [];
  if (installation !== undefined && method === 'POST') return grantInstallationToken(installation, request, world);
  const access = accessOf(request, world);
  if (access.kind === 'refused') return access.reply;
  const [, server, kind = '', name = ''] = PATH.exec(url.pathname) ?? [];
  const owner = ownerOf(kind, decodeURIComponent(name));
  if (method !== 'GET' || owner === undefined) return failure(404, 'Not Found');
  if (owner === ENTERPRISE && access.kind === 'app') return failure(403, 'Resource not accessible by integration');
  try {
    const { status, headers, body } = list(url, searchOf(url.searchParams, world.now()), world, server === undefined);
    return { status, headers: { ...headers, ...access.headers }, ...(body !== undefined && { body }) };
  } catch (error) {
    if (error instanceof BadSearch) return failure(422, error.message);
    throw error;
  }
}

/** Names are not case sensitive, and an id will do. */
function ownerOf(kind: string, name: string): typeof ORGANIZATION | undefined {
  const owner = kind === 'enterprises' ? ENTERPRISE : kind === '' ? undefined : ORGANIZATION;
  return owner && (name.toLowerCase() === owner.name || name === String(owner.id)) ? owner : undefined;
}

function list(url: URL, search: Search, world: World, isCloud: boolean): FakeReply {
  const { include, perPage, after, before, descending, from, to } = search;
  const kept = world.events().filter(({ stream, at }) => {
    if (include !== 'all' && include !== stream) return false;
    return !isCloud || at.getTime() > world.now().getTime() - KEPT_MS[stream === 'git' ? 'git' : 'web'];
  });
  const sign = descending ? -1 : 1;
  const found = kept
    .map(({ at, raw }) => ({ timestamp: at.getTime(), id: String(raw['_document_id']), raw }))
    .filter(({ timestamp }) => timestamp >= from && timestamp <= to)
    .sort((a, b) => sign * comparePositions(a, b));
  const size = Math.min(perPage, world.pageSize ?? perPage);
  const rest = found.filter((row) => after === undefined || sign * comparePositions(row, after) > 0);
  const page = before
    ? found.filter((row) => sign * comparePositions(row, before) < 0).slice(-size)
    : rest.slice(0, size);
  const last = page.at(-1);
  const hasMore = last !== undefined && found.at(-1) !== last;
  const links = [
    ...(hasMore ? [link(url, 'next', { after: last })] : []),
    ...(hasMore || after ? [link(url, 'first', {})] : []),
    ...(after && page[0] ? [link(url, 'prev', { before: page[0] })] : []),
  ];
  return {
    status: 200,
    headers: links.length > 0 ? { link: links.join(', ') } : {},
    body: page.map(({ raw }) => raw),
  };
}

/** Links have the owner's number, and all parameters of the request. The last page has none to a next one. */
function link(url: URL, rel: string, { after, before }: { after?: Position; before?: Position }): string {
  const target = new URL(url);
  target.pathname = url.pathname
    .replace(/\/orgs\/[^/]+/, `/organizations/${ORGANIZATION.id}`)
    .replace(/\/enterprises\/[^/]+/, `/enterprises/${ENTERPRISE.id}`);
  target.searchParams.set('after', after ? cursorOf(after) : '');
  target.searchParams.set('before', before ? cursorOf(before) : '');
  return `<${target.href}>; rel="${rel}"`;
}
