import { z } from 'zod';
import type { JsonObject } from '../../../shared/json.ts';
import accountLogin from '../../../shared/sources/google_workspace.activity/examples/account_login.json' with {
  type: 'json',
};
import accountLogout from '../../../shared/sources/google_workspace.activity/examples/account_logout.json' with {
  type: 'json',
};
import addPermission from '../../../shared/sources/google_workspace.activity/examples/add_permission.json' with {
  type: 'json',
};
import addToGroup from '../../../shared/sources/google_workspace.activity/examples/add_to_group.json' with {
  type: 'json',
};
import createIntegration from '../../../shared/sources/google_workspace.activity/examples/create_integration.json' with {
  type: 'json',
};
import createResource from '../../../shared/sources/google_workspace.activity/examples/create_resource.json' with {
  type: 'json',
};
import createUser from '../../../shared/sources/google_workspace.activity/examples/create_user.json' with {
  type: 'json',
};
import downloadResource from '../../../shared/sources/google_workspace.activity/examples/download_resource.json' with {
  type: 'json',
};
import mfaVerification from '../../../shared/sources/google_workspace.activity/examples/mfa_verification.json' with {
  type: 'json',
};
import readResource from '../../../shared/sources/google_workspace.activity/examples/read_resource.json' with {
  type: 'json',
};
import removeFromGroup from '../../../shared/sources/google_workspace.activity/examples/remove_from_group.json' with {
  type: 'json',
};
import type { FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';
import { giveToken, newServiceAccountKey, tokenProblem } from './google-token.ts';

const CUSTOMER = 'C01example';
const DAY_MS = 86_400_000;
const MOST_RESULTS = 1_000;
/** Page tokens are for the moment; nothing says how long. */
const PAGE_TOKEN_MS = 60 * 60_000;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const PATH = /^\/admin\/reports\/v1\/activity\/users\/all\/applications\/([^/]+)$/;
const PARAMETERS = new Set(['startTime', 'endTime', 'maxResults', 'pageToken', 'customerId']);

const APPLICATIONS = new Set(
  `access_evaluation access_transparency admin admin_data_action assignments calendar chat chrome classroom cloud_search
  contacts context_aware_access data_migration data_studio directory_sync drive gcp gemini_in_workspace_apps gmail gplus
  graduation groups groups_enterprise jamboard keep ldap login meet meet_hardware mobile profile rules saml takeout tasks
  token user_accounts vault`.split(/\s+/),
);
/** Not in this customer's edition. */
const UNLICENSED = new Set(['access_transparency', 'vault']);

const SAMPLES: Readonly<Record<string, readonly JsonObject[]>> = {
  admin: [createUser, addToGroup],
  calendar: [createResource],
  drive: [readResource, addPermission, downloadResource],
  groups_enterprise: [removeFromGroup],
  login: [accountLogin, mfaVerification, accountLogout],
  token: [createIntegration],
};

/** Qualifiers are 64-bit integers, in text; many are negative. */
const FIRST_QUALIFIER = -9_000_000_000_000_000_000n;

let key: string | undefined;

/** The Reports API of the Admin SDK, and the token endpoint before it. */
export const fakeGoogleWorkspace: FakeVendor = {
  source: 'google_workspace.activity',
  get secrets() {
    key ??= newServiceAccountKey();
    return { serviceAccountKey: key };
  },
  settings: (url) => ({
    subject: 'audit.reader@example.com',
    applications: ['login', 'admin', 'drive', 'calendar'],
    baseUrl: url,
    tokenUrl: `${url}/token`,
  }),
  event(n, at, stream) {
    const samples = SAMPLES[stream] ?? [createUser];
    return {
      ...samples[n % samples.length],
      id: {
        time: at.toISOString(),
        uniqueQualifier: String(FIRST_QUALIFIER + BigInt(n)),
        applicationName: stream,
        customerId: CUSTOMER,
      },
      etag: `"q1w2e3r4t5/${n}"`,
    };
  },
  numberOf: (raw) => Number(qualifierOf(raw) - FIRST_QUALIFIER),
  handle(request, world) {
    if (request.url.pathname === '/token' && request.method === 'POST') return giveToken(request, world);
    const application = PATH.exec(request.url.pathname)?.[1];
    if (application === undefined || request.method !== 'GET') return problem(404, 'Not Found', 'notFound');
    return tokenProblem(request.headers['authorization'], world) ?? list(application, request, world);
  },
  throttled: (retryAfterSeconds) => ({
    ...problem(503, 'The service is currently unavailable.', 'backendError', 'UNAVAILABLE'),
    ...(retryAfterSeconds !== undefined && { headers: { 'retry-after': String(retryAfterSeconds) } }),
  }),
};

const PageToken = z.object({
  /** All other parameters, which must stay as they are. */
  query: z.string(),
  /** The last activity given. */
  last: z.object({ time: z.number(), qualifier: z.string().transform(BigInt) }).optional(),
  page: z.int(),
  until: z.number(),
});

function list(application: string, { url }: FakeRequest, world: World): FakeReply {
  const query = url.searchParams;
  const unknown = [...query.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) return invalid(`Invalid JSON payload received. Unknown name "${unknown}"`);
  if (!APPLICATIONS.has(application)) return invalid(`Invalid value at 'application_name': ${application}`);
  if (![null, 'my_customer', CUSTOMER].includes(query.get('customerId')) || UNLICENSED.has(application)) {
    return problem(403, 'Not Authorized to access this resource/api', 'forbidden', 'PERMISSION_DENIED');
  }
  const now = world.now().getTime();
  const span = spanOf(application, query, now);
  if (typeof span === 'string') return invalid(span);
  const asked = Number(query.get('maxResults') ?? MOST_RESULTS);
  if (!Number.isInteger(asked) || asked < 1 || asked > MOST_RESULTS) return invalid('Invalid value for maxResults');

  const others = new URLSearchParams(query);
  others.delete('pageToken');
  others.sort();
  const given = query.get('pageToken');
  const token = given === null ? undefined : tokenOf(given);
  if (given !== null && (token?.query !== others.toString() || token.until < now)) return invalid('Invalid pageToken');

  const left = world
    .events(application)
    .filter(({ at }) => at.getTime() >= span.from && at.getTime() < span.to)
    .map(({ at, raw }) => ({ time: at.getTime(), qualifier: qualifierOf(raw), raw }))
    .filter((row) => token?.last === undefined || compareNewestFirst(token.last, row) < 0)
    .sort(compareNewestFirst);
  const page = token?.page ?? 0;
  // A page may be empty and still not be the last.
  const size = page % 3 === 2 ? 0 : Math.min(asked, world.pageSize ?? asked);
  const items = left.slice(0, size);
  const { time, qualifier } = items.at(-1) ?? token?.last ?? {};
  const next = {
    query: others.toString(),
    ...(time !== undefined && { last: { time, qualifier: String(qualifier) } }),
    page: page + 1,
    until: now + PAGE_TOKEN_MS,
  };
  return {
    status: 200,
    body: {
      kind: 'admin#reports#activities',
      etag: '"q1w2e3r4t5"',
      ...(items.length > 0 && { items: items.map(({ raw }) => raw) }),
      ...(left.length > items.length && { nextPageToken: Buffer.from(JSON.stringify(next)).toString('base64url') }),
    },
  };
}

/** The times asked for, or what is wrong with them. The start is included; what is older than 180 days is gone. */
function spanOf(application: string, query: URLSearchParams, now: number): { from: number; to: number } | string {
  const [start, end] = [query.get('startTime'), query.get('endTime')];
  for (const time of [start, end]) if (time !== null && !RFC3339.test(time)) return `Invalid time: ${time}`;
  const from = start === null ? undefined : Date.parse(start);
  const to = end === null ? now : Date.parse(end);
  if (from !== undefined && (from >= to || from >= now)) return 'Start time must be before end time and current time.';
  if (application === 'gmail' && (from === undefined || end === null || to - from > 30 * DAY_MS)) {
    return 'Start time and end time are required and must be at most 30 days apart.';
  }
  return { from: Math.max(from ?? 0, now - 180 * DAY_MS), to };
}

interface Place {
  readonly time: number;
  readonly qualifier: bigint;
}

function compareNewestFirst(a: Place, b: Place): number {
  return b.time - a.time || (a.qualifier < b.qualifier ? 1 : a.qualifier > b.qualifier ? -1 : 0);
}

const Activity = z.object({ id: z.object({ uniqueQualifier: z.string() }) });

function qualifierOf(raw: JsonObject): bigint {
  return BigInt(Activity.parse(raw).id.uniqueQualifier);
}

function tokenOf(text: string): z.infer<typeof PageToken> | undefined {
  try {
    return PageToken.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

function invalid(message: string): FakeReply {
  return problem(400, message, 'invalid', 'INVALID_ARGUMENT');
}

function problem(code: number, message: string, reason: string, status?: string): FakeReply {
  const error = { code, message, errors: [{ message, domain: 'global', reason }], ...(status && { status }) };
  return { status: code, body: { error } };
}
