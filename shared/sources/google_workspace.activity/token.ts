import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { type AccessToken, secretOf, tokenBearer } from '../../polling/authorizers.ts';
import { CredentialError, VendorRefusedError } from '../../polling/errors.ts';
import type { Authorization, Authorizer } from '../../polling/poller.ts';
import type { Settings } from './settings.ts';

/** The one scope that is asked for. */
export const SCOPE = 'https://www.googleapis.com/auth/admin.reports.audit.readonly';
/** The secret's name. */
export const KEY_SECRET = 'serviceAccountKey';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The longest life of an assertion. */
const ASSERTION_SECONDS = 3_600;
/** Clocks that differ by less are no reason to refuse an assertion. */
const CLOCK_TOLERANCE_MS = 5_000;

const REFUSALS = new Set([400, 401, 403]);

const TokenReply = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * Access tokens of a service account that acts as an administrator, by domain-wide delegation
 * (https://developers.google.com/identity/protocols/oauth2/service-account#httprest). There is no refresh token: each token
 * takes a new assertion.
 */
export function serviceAccount(settings: Pick<Settings, 'subject' | 'tokenUrl'>): Authorizer {
  return tokenBearer(async (authorization) => {
    const { anonymous } = authorization;
    const key = readKey(secretOf(authorization, KEY_SECRET));
    const signedAt = anonymous.now().getTime();
    const first = await exchange(key, settings, authorization);
    if (!(first instanceof VendorRefusedError)) return first;
    // The refusal carried Google's time: where ours was wrong, an assertion dated by theirs may be good.
    const isSkewed = Math.abs(anonymous.now().getTime() - signedAt) > CLOCK_TOLERANCE_MS;
    const last = isSkewed ? await exchange(key, settings, authorization) : first;
    if (!(last instanceof VendorRefusedError)) return last;
    // The body is Google's JSON, or the beginning of it.
    throw new CredentialError(`${meaningOf(last.body, settings.subject)} (Google says: ${last.body.slice(0, 200)})`, {
      cause: last,
    });
  });
}

/** A token, or Google's refusal to give one. */
async function exchange(
  key: ServiceAccountKey,
  { subject, tokenUrl }: Pick<Settings, 'subject' | 'tokenUrl'>,
  { anonymous }: Authorization,
): Promise<AccessToken | VendorRefusedError> {
  const now = Math.floor(anonymous.now().getTime() / 1_000);
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(key.id !== undefined && { kid: key.id }) })
    .setIssuer(key.email)
    .setSubject(subject)
    .setAudience(tokenUrl)
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_SECONDS)
    .sign(key.privateKey);
  try {
    const reply = await anonymous.post(tokenUrl, { form: { grant_type: GRANT, assertion } });
    const { access_token, expires_in } = reply.parse(TokenReply);
    return { token: access_token, expiresIn: expires_in };
  } catch (error) {
    if (error instanceof VendorRefusedError && REFUSALS.has(error.status)) return error;
    throw error;
  }
}

interface ServiceAccountKey {
  readonly email: string;
  /** Names the key among those of the account. */
  readonly id: string | undefined;
  readonly privateKey: KeyObject;
}

const KeyFile = z.object({
  client_email: z.string().min(3),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
});

/**
 * A service account's JSON key file. Its `token_uri` is not followed: whoever can write the key could have assertions sent
 * anywhere.
 *
 * @throws CredentialError when the text is something else; it never quotes the text.
 */
export function readKey(text: string): ServiceAccountKey {
  const parsed = KeyFile.safeParse(parsedJson(text));
  if (!parsed.success) {
    const lacking = parsed.error.issues.map(({ path }) => path.join('.')).filter((path) => path !== '');
    throw notAKey(lacking.length > 0 ? `has no ${lacking.join(', no ')}` : 'is not JSON');
  }
  const { client_email: email, private_key: pem, private_key_id: id } = parsed.data;
  const privateKey = privateKeyOf(pem);
  if (privateKey?.asymmetricKeyType !== 'rsa') throw notAKey('has a private_key that is not an RSA key in PEM');
  return { email, id, privateKey };
}

// The errors of both parsers may quote what they were given.
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function notAKey(what: string): CredentialError {
  return new CredentialError(
    `the secret ${KEY_SECRET} ${what}: set it to the text of the JSON key file of the service account`,
  );
}

/** What the token endpoint's refusal means (RFC 6749 section 5.2), and what to do. */
function meaningOf(body: string, subject: string): string {
  if (/unauthorized_client|access_denied|invalid_scope/.test(body)) {
    return `the service account is not delegated for the domain: in the Admin console, under API controls, Domain-wide delegation, add its numeric client id with the scope ${SCOPE}; it can take 24 hours to work`;
  }
  if (/invalid_client|account not found/i.test(body)) {
    return 'Google does not know the service account, or it is disabled: see to it in the Google Cloud console, or make a key of another one';
  }
  if (/JWT Signature/i.test(body)) {
    return `the service account has no such key: it was deleted or belongs to another account; create a JSON key and set ${KEY_SECRET}`;
  }
  if (/audience/i.test(body)) return 'the setting tokenUrl is not what Google calls its token endpoint: take it out';
  if (/reasonable timeframe|short-lived|\biat\b|\bexp\b/i.test(body)) {
    return "Google does not take the assertion's time: set the clock of the machine that polls";
  }
  if (/invalid_grant/.test(body)) {
    return `Google lets nobody act as ${subject}: check that the address is spelt right and that the administrator is not suspended`;
  }
  return `Google gives no access token: check ${KEY_SECRET} and the setting tokenUrl`;
}
