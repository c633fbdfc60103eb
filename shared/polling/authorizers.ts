import { createHash } from 'node:crypto';
import { CredentialError } from './errors.ts';
import type { Authorization, Authorizer } from './poller.ts';

/** Before a token's end, as requests under way must still find it good. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** `Authorization: Bearer <secret>`, the secret being one of the connection's. */
export function bearer(secret: string): Authorizer {
  return {
    async headers(_request, authorization) {
      return { authorization: `Bearer ${secretOf(authorization, secret)}` };
    },
  };
}

/** A token that stands for the secrets for a while. */
export interface AccessToken {
  readonly token: string;
  /** Seconds; RFC 6749 section 5.1. */
  readonly expiresIn: number;
}

/**
 * `Authorization: Bearer <token>`, the token being fetched with the connection's secrets, remembered, and renewed 5 minutes
 * (or a tenth of its life) before its end, after a 401, and when the secrets are others.
 */
export function tokenBearer(fetchToken: (authorization: Authorization) => Promise<AccessToken>): Authorizer {
  let kept: { readonly token: string; readonly until: number; readonly fingerprint: string } | undefined;
  let fetching: Promise<string> | undefined;
  const renew = async (authorization: Authorization, fingerprint: string): Promise<string> => {
    const { token, expiresIn } = await fetchToken(authorization);
    const lifeMs = expiresIn * 1_000;
    kept = {
      token,
      until: authorization.anonymous.now().getTime() + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 10),
      fingerprint,
    };
    return token;
  };
  return {
    async headers(_request, authorization) {
      const fingerprint = fingerprintOf(authorization.secrets);
      const now = authorization.anonymous.now().getTime();
      const good = kept && !authorization.fresh && kept.fingerprint === fingerprint && now < kept.until;
      // Streams of one connection ask at the same moment: one token serves them all.
      fetching ??= good
        ? undefined
        : renew(authorization, fingerprint).finally(() => {
            fetching = undefined;
          });
      return { authorization: `Bearer ${good && kept ? kept.token : await fetching}` };
    },
  };
}

/** @throws CredentialError when the connection has no such secret. */
export function secretOf({ secrets }: Authorization, name: string): string {
  const value = secrets[name]?.trim();
  if (value) return value;
  throw new CredentialError(`the connection has no secret named ${name}: set it`);
}

function fingerprintOf(secrets: Readonly<Record<string, string>>): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(secrets).sort()))
    .digest('base64url');
}
