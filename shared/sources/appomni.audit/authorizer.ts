import { z } from 'zod';
import { secretOf } from '../../polling/authorizers.ts';
import { CredentialError, VendorRefusedError } from '../../polling/errors.ts';
import type { Authorization, Authorizer, VendorRequest } from '../../polling/poller.ts';

/** Before a token's end, as requests under way must still find it good. */
const RENEW_BEFORE_MS = 60_000;
/** An error of OAuth about the secrets (RFC 6749 section 5.2), not about the address. */
const REFUSALS = new Set([400, 401, 403]);

const Issued = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
});

export interface TokenEndpoint {
  readonly tokenUrl: string;
  readonly clientId?: string | undefined;
}

/** What refresh tokens were exchanged for, one after the other: the last tokens that came back. */
interface Exchange {
  readonly spent: ReadonlySet<string>;
  readonly secrets: Tokens;
  kept: boolean;
}

interface Tokens extends Readonly<Record<string, string>> {
  readonly refreshToken: string;
  readonly accessToken: string;
  readonly accessTokenExpires: string;
}

/**
 * `Authorization: Bearer <access token>`, the token being one that was granted by hand, or one for a refresh token
 * (https://www.rfc-editor.org/rfc/rfc6749#section-6). AppOmni may replace the refresh token at every exchange and end the
 * access token of the old one, so what came back is stored before it is used, and the access token with it: other
 * processes take it from there and don't exchange the same refresh token again. Within a process exchanges wait for each other.
 */
export function authorizerOf(endpoint: TokenEndpoint): Authorizer {
  let last: Exchange | undefined;
  // A request that is sent again is the same object: so it is known which token a 401 was about.
  const given = new WeakMap<VendorRequest, string>();
  let turn: Promise<unknown> = Promise.resolve();

  const tokenOf = async (request: VendorRequest, authorization: Authorization): Promise<string> => {
    if (last && isBefore(last, authorization)) await store(last, authorization);
    const { accessToken, accessTokenExpires, refreshToken } = current(authorization, last);
    const now = authorization.anonymous.now().getTime();
    const endsLater = Date.parse(accessTokenExpires ?? '') > now + RENEW_BEFORE_MS;
    // After a 401 only another token than the one refused is good: then somebody else renewed it.
    const refused = authorization.fresh && [undefined, accessToken].includes(given.get(request));
    if (accessToken !== undefined && endsLater && !refused) return accessToken;
    try {
      const secrets = await exchange(endpoint, refreshToken, authorization);
      const before = last && isBefore(last, authorization) ? last.spent : [];
      last = { spent: new Set([...before, refreshToken]), secrets, kept: false };
    } catch (error) {
      // Another process may have been quicker. If so, a 401 has the secrets read again.
      if (error instanceof CredentialError && accessToken !== undefined && !authorization.fresh) return accessToken;
      throw error;
    }
    await store(last, authorization);
    return last.secrets.accessToken;
  };

  return {
    async headers(request, authorization) {
      if (!authorization.secrets['refreshToken']) return { authorization: `Bearer ${manual(authorization)}` };
      const mine = turn.then(() => tokenOf(request, authorization));
      turn = mine.catch(() => undefined);
      const token = await mine;
      given.set(request, token);
      return { authorization: `Bearer ${token}` };
    },
  };
}

function manual(authorization: Authorization): string {
  const expires = new Date(authorization.secrets['accessTokenExpires'] ?? '');
  if (!Number.isNaN(expires.getTime())) authorization.expiresAt(expires);
  return secretOf(authorization, 'accessToken');
}

/** The tokens to go on with: those of the last exchange where the secrets, read a while ago, are still from before it. */
function current(
  authorization: Authorization,
  last: Exchange | undefined,
): { refreshToken: string; accessToken?: string | undefined; accessTokenExpires?: string | undefined } {
  if (last && isBefore(last, authorization)) return last.secrets;
  const refreshToken = secretOf(authorization, 'refreshToken');
  const { accessToken, accessTokenExpires } = authorization.secrets;
  return { refreshToken, accessToken, accessTokenExpires };
}

/** True if the secrets are those of before the exchange; otherwise another process, or somebody, replaced them since. */
function isBefore({ spent }: Exchange, authorization: Authorization): boolean {
  return spent.has(secretOf(authorization, 'refreshToken'));
}

/** Called again for what could not be stored the time before, as the spent refresh token is of no use any more. */
async function store(exchanged: Exchange, authorization: Authorization): Promise<void> {
  if (exchanged.kept) return;
  await authorization.keep(exchanged.secrets);
  exchanged.kept = true;
}

async function exchange(
  { tokenUrl, clientId }: TokenEndpoint,
  refreshToken: string,
  authorization: Authorization,
): Promise<Tokens> {
  if (clientId === undefined) {
    throw new CredentialError('the connection has a refresh token and no "clientId" in its settings: add it');
  }
  const form = {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
    client_secret: secretOf(authorization, 'clientSecret'),
  };
  try {
    const issued = (await authorization.anonymous.post(tokenUrl, { form })).parse(Issued);
    const ends = authorization.anonymous.now().getTime() + issued.expires_in * 1_000;
    return {
      refreshToken: issued.refresh_token ?? refreshToken,
      accessToken: issued.access_token,
      accessTokenExpires: new Date(ends).toISOString(),
    };
  } catch (cause) {
    if (!(cause instanceof VendorRefusedError && REFUSALS.has(cause.status))) throw cause;
    throw new CredentialError(`AppOmni refused the refresh token: ${cause.message}`, { cause });
  }
}
