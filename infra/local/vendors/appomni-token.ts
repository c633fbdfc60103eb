import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FakeReply, FakeRequest, World } from './fake.ts';

const LIFE_SECONDS = 3_600;
const signingKey = randomBytes(32);
let issued = 0;

/** `POST /oauth/token/`: exchanges a refresh token, which is then spent, for an access token and a new refresh token. */
export function exchange({ headers, body }: FakeRequest, world: World, clientId: string): FakeReply {
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return refused(400, 'invalid_request');
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'refresh_token') return refused(400, 'unsupported_grant_type');
  const { clientSecret, refreshToken } = world.secrets;
  if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
    return refused(401, 'invalid_client');
  }
  if (form.get('refresh_token') !== refreshToken) return refused(400, 'invalid_grant');
  issued += 1;
  const next = `refresh-${issued}-${randomBytes(12).toString('hex')}`;
  world.rotate({ ...world.secrets, refreshToken: next });
  const token = { access_token: accessToken(world, next), token_type: 'Bearer', scope: '', refresh_token: next };
  return { status: 200, body: { ...token, expires_in: LIFE_SECONDS } };
}

/** True for an access token that has not ended, and whose refresh token is neither spent nor replaced. */
export function isGood(token: string, world: World): boolean {
  const [generation = '', expires = '', signature = ''] = token.split('.');
  if (generation !== `g${world.tokenGeneration}` || world.now().getTime() >= Number(expires) * 1_000) return false;
  const expected = Buffer.from(sign(`${generation}.${expires}`, world.secrets['refreshToken'] ?? ''));
  const claimed = Buffer.from(signature);
  return claimed.length === expected.length && timingSafeEqual(claimed, expected);
}

function accessToken(world: World, refreshToken: string): string {
  const claims = `g${world.tokenGeneration}.${Math.floor(world.now().getTime() / 1_000) + LIFE_SECONDS}`;
  return `${claims}.${sign(claims, refreshToken)}`;
}

function sign(claims: string, refreshToken: string): string {
  return createHmac('sha256', signingKey).update(`${claims} ${refreshToken}`).digest('base64url');
}

/** RFC 6749 section 5.2 */
function refused(status: number, error: string): FakeReply {
  return { status, body: { error } };
}
