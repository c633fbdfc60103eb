import { z } from 'zod';
import { type JsonObject, parseJson } from '../../../shared/json.ts';
import { textAt } from '../../../shared/sources/read.ts';
import type { FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';

const SERVICES = ['classifier', 'code-manager', 'pe-console', 'rbac'];
const PATH = /^\/activity-api\/(v1|v2)\/events$/;
const DEFAULT_LIMIT = 1_000;
const PURGED_AFTER_MS = 395 * 86_400_000;

/** Ids of the things that events are about end in the event's number. */
const ID_HEAD = '6f3d1b52-8c0e-4f7a-9b21-';

const SUBJECT: JsonObject = { id: '5b0f7c1e-2d7a-4d55-9b4e-6a1f00c0de01', name: 'ines.roth' };
const PROXIES = '203.0.113.24, 127.0.0.1, 127.0.0.1';

interface Sample {
  readonly type: string;
  readonly name: string;
  readonly event: (id: string, name: string) => JsonObject;
}

const SAMPLES: Readonly<Record<string, readonly [Sample, ...Sample[]]>> = {
  classifier: [
    {
      type: 'node_groups',
      name: 'Web servers',
      event: (id, name) => ({
        message: `Created the "${name}" group with id ${id}`,
        type: 'create',
        what: 'node_group',
        description: 'create_node_group',
      }),
    },
    {
      type: 'node_groups',
      name: 'Databases',
      event: () => ({
        message: 'Changed the environment to "production"',
        type: 'edit',
        what: 'node_group_environment',
        description: 'edit_node_group_environment',
      }),
    },
  ],
  'code-manager': [
    {
      type: 'environment',
      name: 'production',
      event: (_, name) => ({
        message: `Deployed environment "${name}"`,
        type: 'deploy',
        what: 'environment',
        description: 'deploy_environment',
      }),
    },
  ],
  'pe-console': [
    {
      type: 'node',
      name: 'web1.example.com',
      event: (_, name) => ({
        message: `Request "package" task on "${name}" over "pcp" via orchestrator job "9,607"`,
        type: 'run_task',
        what: 'node',
        description: 'request_package_on_node',
      }),
    },
  ],
  rbac: [
    {
      type: 'users',
      name: 'lena.okoro',
      event: (id, name) => ({
        message: `User ${name} (${id}) logged in.`,
        type: 'login',
        what: 'users',
        description: 'users_logged_in',
      }),
    },
    {
      type: 'users',
      name: 'timo.vance',
      event: () => ({
        message: 'Display name set to "Timo Vance"',
        type: 'update',
        what: 'users',
        description: 'update_users_display_name',
      }),
    },
  ],
};

const Range = z.strictObject({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) });
const Query = z.array(
  z.union([
    Range,
    z.strictObject({ subject_id: z.string(), subject_type: z.string().optional() }),
    z.strictObject({ object_type: z.string(), object_id: z.string().optional() }),
    z.strictObject({ ip_address: z.string() }),
  ]),
);

/** The activity service of a Puppet Enterprise console. */
export const fakePuppet: FakeVendor = {
  source: 'puppet.activity',
  secrets: { token: '0VZZ6geJQK8zJGKxBdq1uatPsT4tOEvLNMzZjaYTexample' },
  settings: (url) => ({ baseUrl: url }),

  /** As v2 tells it. Times have whole seconds; nothing numbers a commit but the thing that it is about. */
  event(n, at, stream) {
    const samples = SAMPLES[stream] ?? SAMPLES['rbac'];
    const sample = samples?.[n % samples.length];
    if (!sample) throw new TypeError(`Puppet has no service ${stream}`);
    const id = `${ID_HEAD}${String(n).padStart(12, '0')}`;
    return {
      objects: [{ id, name: sample.name, type: sample.type }],
      subject: SUBJECT,
      timestamp: seconds(at),
      ip_address: PROXIES,
      events: [sample.event(id, sample.name)],
    };
  },

  numberOf(raw) {
    const id = textAt(raw, 'objects.0.id') ?? textAt(raw, 'object.id') ?? '';
    if (!id.startsWith(ID_HEAD)) throw new TypeError(`${JSON.stringify(raw)} is not of this fake`);
    return Number(id.slice(ID_HEAD.length));
  },

  handle(request, world) {
    const [, version] = PATH.exec(request.url.pathname) ?? [];
    if (version === undefined || request.method !== 'GET') return problem(404, 'not-found', 'Not found');
    // The token may also be a query parameter, which ends up in logs: this console has that switched off.
    if (request.headers['x-authentication'] !== world.secrets['token']) {
      return problem(401, 'user-unauthenticated', 'Route requires authentication');
    }
    return events(request, world, version === 'v1');
  },

  /** Puppet has no limits of its own; a proxy before the console may. */
  throttled: (retryAfterSeconds) => ({
    status: 429,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    body: 'Too Many Requests',
  }),
};

function events({ url: { searchParams } }: FakeRequest, world: World, isV1: boolean): FakeReply {
  const service = searchParams.get('service_id') ?? undefined;
  if (isV1 ? !SERVICES.includes(service ?? '') : service !== undefined && !SERVICES.includes(service)) {
    return problem(400, 'schema-violation', `service_id must be one of ${SERVICES.join(', ')}`);
  }
  const order = searchParams.get('order') ?? 'desc';
  const offset = Number(searchParams.get('offset') ?? 0);
  const asked = Number(searchParams.get('limit') ?? DEFAULT_LIMIT);
  if (!/^(asc|desc)$/.test(order) || !(offset >= 0) || !(asked > 0)) {
    return problem(400, 'malformed-request', 'order, offset or limit is malformed');
  }
  const within = isV1 ? after(searchParams) : ranges(searchParams);
  if (!within) return problem(400, 'schema-violation', 'the time or query is malformed');

  const purged = world.now().getTime() - PURGED_AFTER_MS;
  const found = world
    .events(service)
    .filter(({ at }) => at.getTime() >= purged && within(at.getTime()))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  if (order === 'desc') found.reverse();
  const limit = Math.min(asked, world.pageSize ?? asked);
  const commits = found.slice(offset, offset + limit).map(({ raw }) => (isV1 ? asV1(raw) : raw));
  if (isV1) return { status: 200, body: { commits, offset, limit, 'total-rows': found.length } };
  // A service that was never used.
  if (world.events(service).length === 0) return { status: 200, body: null };
  // Documented as text and seen as numbers.
  const text = found.length % 2 === 0 ? String : Number;
  return {
    status: 200,
    body: { commits, pagination: { total: text(found.length), limit: text(limit), offset: text(offset) } },
  };
}

/** Commits of v1 name one object, without its type, and messages only. */
function asV1({ objects, subject, timestamp, events: told }: JsonObject): JsonObject {
  const [object] = objects as JsonObject[];
  const { id = null, name = null } = object ?? {};
  return {
    object: { id, name },
    subject: subject ?? null,
    timestamp: timestamp ?? null,
    events: (told as JsonObject[]).map(({ message = null }) => ({ message })),
  };
}

type Within = (time: number) => boolean;

function after(searchParams: URLSearchParams): Within | undefined {
  const text = searchParams.get('after_service_commit_time');
  if (text === null) return () => true;
  return z.iso.datetime({ offset: true }).safeParse(text).success ? (time) => time > Date.parse(text) : undefined;
}

function ranges(searchParams: URLSearchParams): Within | undefined {
  const text = searchParams.get('query');
  if (text === null) return () => true;
  try {
    const query = Query.parse(parseJson(text)).flatMap((part) => ('start' in part ? [part] : []));
    return (time) => query.every(({ start, end }) => time >= Date.parse(start) && time < Date.parse(end));
  } catch {
    return undefined;
  }
}

function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function problem(status: number, kind: string, msg: string): FakeReply {
  return { status, body: { kind, msg, details: {} } };
}
