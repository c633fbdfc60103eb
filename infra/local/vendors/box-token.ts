import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FakeReply, FakeRequest, World } from './fake.ts';

/** The only enterprise that has authorized the app. */
export const ENTERPRISE = '1910967';

const LIFE_SECONDS = 3_600;
const SIGNING_KEY = randomBytes(32);

/** The client credentials grant, for the app's service account in {@link ENTERPRISE}. */
export function giveToken({ headers, body }: FakeRequest, world: World): FakeReply {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return refusal('invalid_request', 'Invalid grant_type parameter or parameter missing');
  }
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'client_credentials') {
    return refusal('unsupported_grant_type', 'Invalid grant_type parameter or parameter missing');
  }
  const { clientId, clientSecret } = world.secrets;
  if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
    return refusal('invalid_client', 'The client credentials are invalid');
  }
  if (form.get('box_subject_type') !== 'enterprise' || form.get('box_subject_id') !== ENTERPRISE) {
    return refusal('invalid_grant', 'Grant credentials are invalid');
  }
  const claims = `${world.tokenGeneration}.${Math.floor(world.now().getTime() / 1_000) + LIFE_SECONDS}`;
  const token = { access_token: `${claims}.${sign(claims)}`, expires_in: LIFE_SECONDS };
  return { status: 200, body: { ...token, restricted_to: [], token_type: 'bearer' } };
}

/** Whether a request carries a token that {@link giveToken} gave and that is still good. */
export function isAuthorized({ headers }: FakeRequest, world: World): boolean {
  const [, claims = '', generation, expires, signature = ''] =
    /^Bearer ((\d+)\.(\d+))\.([\w-]+)$/.exec(headers['authorization'] ?? '') ?? [];
  const given = Buffer.from(signature);
  const right = Buffer.from(sign(claims));
  return (
    given.length === right.length &&
    timingSafeEqual(given, right) &&
    Number(generation) === world.tokenGeneration &&
    Number(expires) * 1_000 > world.now().getTime()
  );
}

function sign(claims: string): string {
  return createHmac('sha256', SIGNING_KEY).update(claims).digest('base64url');
}

function refusal(error: string, error_description: string): FakeReply {
  return { status: 400, body: { error, error_description } };
}
