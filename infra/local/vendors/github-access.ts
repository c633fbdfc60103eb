import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import type { FakeReply, FakeRequest, World } from './fake.ts';

/** The app that is installed in the organization. */
export const APP = { clientId: 'Iv23liNorthwindAnnals', appId: '910042', installationId: '51000042' };

const TOKEN_LIFE_SECONDS = 3_600;
/** GitHub's own limit on how far ahead a JWT's `exp` may be. */
const JWT_LIFE_SECONDS = 600;
/** When the personal token expires, as GitHub writes it. */
const EXPIRATION = '2099-12-31 23:59:59 UTC';

let privateKey: string | undefined;
/** A key for the app, made when it is first asked for. */
export function appKey(): string {
  privateKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString();
  return privateKey;
}

export type Access =
  | { readonly kind: 'refused'; readonly reply: FakeReply }
  | { readonly kind: 'person' | 'app'; readonly headers: Readonly<Record<string, string>> };

/** Who asks: the owner with the personal token, or the app with a token of its installation. */
export function accessOf({ headers }: FakeRequest, world: World): Access {
  if (!headers['user-agent']) {
    const text = 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.';
    return { kind: 'refused', reply: { status: 403, body: text } };
  }
  const [, token] = /^(?:Bearer|token) (\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (token === undefined) return { kind: 'refused', reply: failure(401, 'Requires authentication') };
  const { token: personal } = world.secrets;
  if (personal !== undefined && token === personal) {
    return { kind: 'person', headers: { 'github-authentication-token-expiration': EXPIRATION } };
  }
  if (isGoodInstallationToken(token, world)) return { kind: 'app', headers: {} };
  return { kind: 'refused', reply: failure(401, 'Bad credentials') };
}

/** `POST /app/installations/{installation_id}/access_tokens`: a JWT of the app for a token that is good for an hour. */
export function grantInstallationToken(installation: string, { headers }: FakeRequest, world: World): FakeReply {
  const [, jwt = ''] = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const wrong = problemOf(jwt, world);
  if (wrong !== undefined) return failure(401, wrong);
  if (installation !== APP.installationId) return failure(404, 'Not Found');
  const expires = Math.floor(world.now().getTime() / 1_000) + TOKEN_LIFE_SECONDS;
  return {
    status: 201,
    body: {
      token: installationToken(world.tokenGeneration, expires),
      expires_at: new Date(expires * 1_000).toISOString().replace('.000Z', 'Z'),
      permissions: { organization_administration: 'read' },
      repository_selection: 'all',
    },
  };
}

/** GitHub's words for what is wrong with a JWT; undefined for a good one. */
function problemOf(jwt: string, world: World): string | undefined {
  const undecodable = 'A JSON web token could not be decoded';
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const key = world.secrets['privateKey'];
  if (key === undefined || jsonOf(header)['alg'] !== 'RS256') return undecodable;
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('sha256', signed, createPublicKey(key), Buffer.from(signature, 'base64url'))) return undecodable;
  const { iss, iat, exp } = jsonOf(payload);
  const now = world.now().getTime() / 1_000;
  if (iss !== APP.clientId && String(iss) !== APP.appId) return "'Issuer' claim ('iss') must be an Integer";
  if (typeof iat !== 'number' || iat > now) {
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  }
  if (typeof exp !== 'number' || exp <= now) {
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  }
  return exp > now + JWT_LIFE_SECONDS ? "'Expiration time' claim ('exp') is too far in the future" : undefined;
}

function jsonOf(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const seal = randomBytes(32);

function installationToken(generation: number, expires: number): string {
  const mac = createHmac('sha256', seal).update(`${generation}.${expires}`).digest('base64url').slice(0, 24);
  return `ghs_${generation}.${expires}.${mac}`;
}

function isGoodInstallationToken(token: string, world: World): boolean {
  const [, generation, expires] = /^ghs_(\d+)\.(\d+)\.[\w-]{24}$/.exec(token) ?? [];
  if (Number(generation) !== world.tokenGeneration || Number(expires) * 1_000 <= world.now().getTime()) return false;
  return timingSafeEqual(Buffer.from(token), Buffer.from(installationToken(Number(generation), Number(expires))));
}

/** An error as GitHub's API gives it. */
export function failure(status: number, message: string, more: Readonly<Record<string, string>> = {}): FakeReply {
  return {
    status,
    headers: more,
    body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
  };
}
