import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { z } from 'zod';
import { isJsonObject } from '../../../shared/json.ts';
import type { FakeReply, FakeRequest, World } from './fake.ts';

const SCOPE = 'https://www.googleapis.com/auth/admin.reports.audit.readonly';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ACCOUNT = 'audit-reader@tide-project.iam.gserviceaccount.com';
const LIFE_SECONDS = 3_599;
const CLOCK_TOLERANCE_SECONDS = 300;

/** People of the domain: whether a service account may act as them, and whether they may read audit logs. */
const PEOPLE: Readonly<Record<string, { readonly active: boolean; readonly reports: boolean }>> = {
  'audit.reader@example.com': { active: true, reports: true },
  'bo.larkin@example.com': { active: true, reports: false },
  'gone@example.com': { active: false, reports: true },
};

/** The text of a JSON key file of the service account, with a new key. */
export function newServiceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const file = {
    type: 'service_account',
    project_id: 'tide-project',
    private_key_id: randomBytes(20).toString('hex'),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: ACCOUNT,
    client_id: '105250506097979000001',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(ACCOUNT)}`,
    universe_domain: 'googleapis.com',
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

const KeyFile = z.object({ private_key: z.string(), private_key_id: z.string() });
const Claims = z.object({
  iss: z.string(),
  sub: z.string(),
  scope: z.string(),
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
});

/** Takes an assertion, gives an access token. */
export function giveToken({ url, headers, body }: FakeRequest, world: World): FakeReply {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return refusal(400, 'invalid_request', 'Could not determine client ID from request.');
  }
  const form = new URLSearchParams(body);
  const grant = form.get('grant_type') ?? '';
  if (grant !== GRANT) return refusal(400, 'unsupported_grant_type', `Invalid grant_type: ${grant}`);
  const [head = '', payload = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  const header = jsonOf(head);
  const claims = Claims.safeParse(jsonOf(payload));
  if (!isJsonObject(header) || header['alg'] !== 'RS256' || !claims.success) {
    return refusal(400, 'invalid_grant', 'Bad Request');
  }
  const { iss, sub, scope, aud, iat, exp } = claims.data;
  if (iss !== ACCOUNT) return refusal(400, 'invalid_grant', 'Invalid grant: account not found');
  if (!isSigned(`${head}.${payload}`, signature, header['kid'], world)) {
    return refusal(400, 'invalid_grant', 'Invalid JWT Signature.');
  }
  if (aud !== url.origin + url.pathname) return refusal(400, 'invalid_grant', 'Invalid JWT: Failed audience check.');
  const now = world.now().getTime() / 1_000;
  if (exp - iat > 3_600 || exp < now || Math.abs(iat - now) > CLOCK_TOLERANCE_SECONDS) {
    return refusal(
      400,
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    );
  }
  if (!PEOPLE[sub]?.active) return refusal(400, 'invalid_grant', 'Invalid email or User ID');
  if (scope !== SCOPE) {
    return refusal(
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    );
  }
  const token = sealed({ sub, generation: world.tokenGeneration, until: now + LIFE_SECONDS });
  return { status: 200, body: { access_token: token, expires_in: LIFE_SECONDS, token_type: 'Bearer' } };
}

/** What is wrong with a request's access token; undefined when it may read audit logs. */
export function tokenProblem(authorization: string | undefined, world: World): FakeReply | undefined {
  if (authorization === undefined) {
    return unauthorized('Request is missing required authentication credential.', 'required');
  }
  const bearer = opened(/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '');
  if (!bearer || bearer.generation !== world.tokenGeneration || bearer.until < world.now().getTime() / 1_000) {
    return unauthorized('Request had invalid authentication credentials.', 'authError');
  }
  if (PEOPLE[bearer.sub]?.reports) return undefined;
  return unauthorized('Access denied. You are not authorized to read activity records.', 'authError');
}

const Token = z.object({ sub: z.string(), generation: z.int(), until: z.number() });
const SEAL = randomBytes(32);

/** Access tokens are opaque to callers; this vendor remembers what they mean by writing it into them. */
function sealed(token: z.infer<typeof Token>): string {
  const text = Buffer.from(JSON.stringify(token)).toString('base64url');
  return `ya29.${text}.${createHmac('sha256', SEAL).update(text).digest('base64url')}`;
}

function opened(token: string): z.infer<typeof Token> | undefined {
  const [, text = '', seal = ''] = token.split('.');
  const given = Buffer.from(seal, 'base64url');
  const wanted = createHmac('sha256', SEAL).update(text).digest();
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  return Token.parse(jsonOf(text));
}

function isSigned(text: string, signature: string, kid: unknown, { secrets }: World): boolean {
  const file = KeyFile.safeParse(parsed(secrets['serviceAccountKey'] ?? ''));
  if (!file.success || file.data.private_key_id !== kid) return false;
  const key = createPublicKey(createPrivateKey(file.data.private_key));
  return verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}

function jsonOf(base64url: string): unknown {
  return parsed(Buffer.from(base64url, 'base64url').toString('utf8'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, error: string, description: string): FakeReply {
  return { status, body: { error, error_description: description } };
}

function unauthorized(message: string, reason: string): FakeReply {
  const detail = { message, domain: 'global', reason, location: 'Authorization', locationType: 'header' };
  return { status: 401, body: { error: { code: 401, message, errors: [detail], status: 'UNAUTHENTICATED' } } };
}
