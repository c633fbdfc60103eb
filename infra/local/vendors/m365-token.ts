import { createHmac, randomBytes, timingSafeEqual, verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { isJsonObject } from '../../../shared/json.ts';
import type { FakeReply, FakeRequest, World } from './fake.ts';

export const TENANT = '7d3f0a10-0000-4000-8000-00000000f001';
export const CLIENT = '0c0c0c0c-0000-4000-8000-00000000c001';
const RESOURCE = 'https://manage.office.com';
const LIFE_SECONDS = 3_599;
const CLOCK_TOLERANCE_SECONDS = 300;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const KEY = randomBytes(32);

const Claims = z.object({
  tid: z.string(),
  aud: z.string(),
  roles: z.array(z.string()),
  exp: z.number(),
  generation: z.number(),
});
export type Claims = z.infer<typeof Claims>;

/** Answers Entra ID's token endpoint of version 1; undefined for any other address. */
export function answerTokenRequest(
  request: FakeRequest,
  world: World,
  roles: readonly string[],
): FakeReply | undefined {
  const [, tenant] = /^\/([^/]+)\/oauth2\/token$/.exec(request.url.pathname) ?? [];
  if (tenant === undefined) return undefined;
  const form = new URLSearchParams(request.body);
  const problem =
    request.headers['content-type'] === 'application/x-www-form-urlencoded'
      ? refusal(tenant, form, request, world)
      : failure(
          400,
          'invalid_request',
          900144,
          "The request body must contain the following parameter: 'grant_type'.",
          world,
        );
  if (problem) return problem;
  const expires = Math.floor(world.now().getTime() / 1_000) + LIFE_SECONDS;
  const claims = { tid: TENANT, aud: RESOURCE, roles: [...roles], exp: expires, generation: world.tokenGeneration };
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: String(LIFE_SECONDS),
      ext_expires_in: String(LIFE_SECONDS),
      expires_on: String(expires),
      not_before: String(expires - LIFE_SECONDS - 300),
      resource: RESOURCE,
      access_token: issued(claims),
    },
  };
}

/** What an access token says; undefined for one that is not, or not any more, good. */
export function claimsOf(authorization: string | undefined, world: World): Claims | undefined {
  const [, payload = '', signature = ''] = /^Bearer ([\w-]+)\.([\w-]+)$/.exec(authorization ?? '') ?? [];
  if (!isSame(signature, hmac(payload))) return undefined;
  const claims = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  const isGood = claims.exp * 1_000 > world.now().getTime() && claims.generation === world.tokenGeneration;
  return isGood ? claims : undefined;
}

function refusal(tenant: string, form: URLSearchParams, request: FakeRequest, world: World): FakeReply | undefined {
  if (tenant !== TENANT) {
    return failure(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`,
      world,
    );
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return failure(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.', world);
  }
  if (form.get('client_id') !== CLIENT) {
    return failure(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${form.get('client_id')}' was not found in the directory.`,
      world,
    );
  }
  if (form.get('resource') !== RESOURCE) {
    return failure(
      400,
      'invalid_resource',
      500011,
      `The resource principal named ${form.get('resource')} was not found in the tenant.`,
      world,
    );
  }
  if (form.get('client_assertion_type') === ASSERTION_TYPE) {
    return assertionProblem(form.get('client_assertion') ?? '', request, world);
  }
  if (isSame(form.get('client_secret') ?? '', world.secrets['clientSecret'] ?? '')) return undefined;
  return failure(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT}'.`,
    world,
  );
}

/** What is wrong with a JWT that should prove the application with the certificate that the world knows. */
function assertionProblem(assertion: string, { url }: FakeRequest, world: World): FakeReply | undefined {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const { alg, x5t } = decoded(header);
  const { aud, iss, sub, jti, exp, nbf } = decoded(payload);
  const known = world.secrets['certificate'];
  const x509 = known === undefined ? undefined : new X509Certificate(known);
  const thumbprint = x509 && Buffer.from(x509.fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
  const isSigned =
    x509 !== undefined &&
    alg === 'RS256' &&
    x5t === thumbprint &&
    verify('sha256', Buffer.from(`${header}.${payload}`), x509.publicKey, Buffer.from(signature, 'base64url'));
  if (!isSigned) {
    return failure(
      401,
      'invalid_client',
      700027,
      'The certificate with identifier used to sign the client assertion is not registered on application.',
      world,
    );
  }
  const now = world.now().getTime() / 1_000;
  if (
    typeof exp !== 'number' ||
    typeof nbf !== 'number' ||
    exp < now - CLOCK_TOLERANCE_SECONDS ||
    nbf > now + CLOCK_TOLERANCE_SECONDS
  ) {
    return failure(401, 'invalid_client', 700024, 'Client assertion is not within its valid time range.', world);
  }
  if (aud === url.origin + url.pathname && iss === CLIENT && sub === CLIENT && typeof jti === 'string')
    return undefined;
  return failure(401, 'invalid_client', 700023, 'Client assertion audience claim does not match Realm issuer.', world);
}

function failure(status: number, error: string, code: number, message: string, world: World): FakeReply {
  const timestamp = `${world.now().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const trace = '5a5a5a5a-0000-4000-8000-00000000aa00';
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: trace,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
}

function issued(claims: Claims): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${hmac(payload)}`;
}

function hmac(text: string): string {
  return createHmac('sha256', KEY).update(text).digest('base64url');
}

function isSame(given: string, wanted: string): boolean {
  return wanted !== '' && given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}

function decoded(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
