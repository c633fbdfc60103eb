import { decodeJwt } from 'jose';
import { z } from 'zod';
import { secretOf } from '../../polling/authorizers.ts';
import { VendorError } from '../../polling/errors.ts';
import type { Authorization, Authorizer } from '../../polling/poller.ts';

const DAY_MS = 86_400_000;
/** The shortest life that a token can be given, for one that does not say when it was issued. */
const SHORTEST_LIFE_MS = 7 * DAY_MS;
/** A token without the tick "can renew" is asked for no more often than this. */
const TRY_AGAIN_MS = DAY_MS / 4;

const Renewed = z.object({ token: z.string().min(1) });
/** Epoch seconds; RFC 7519 section 4.1. */
const Claims = z.object({ exp: z.number().optional(), iat: z.number().optional() });

interface Kept {
  /** The secret that it replaces. */
  readonly instead: string;
  readonly token: string;
  isStored: boolean;
}

/**
 * `Authorization: Bearer <token>`, the token being renewed at two thirds of its life: an expired one can be replaced by a
 * person only. The next token is stored before it is used.
 *
 * @param renewUrl answers a token that is good with the next one.
 */
export function renewedBearer(renewUrl: string): Authorizer {
  let kept: Kept | undefined;
  let renewing: Promise<void> | undefined;
  let storing: Promise<void> | undefined;
  let tryAt = 0;

  const renew = async (authorization: Authorization, token: string): Promise<void> => {
    try {
      const reply = await authorization.anonymous.get(renewUrl, { headers: { authorization: `Bearer ${token}` } });
      const next = reply.parse(Renewed).token;
      kept = { instead: secretOf(authorization, 'token'), token: next, isStored: false };
    } catch (error) {
      // The token is good for some time yet, and its end is announced.
      if (!(error instanceof VendorError)) throw error;
    }
  };
  const store = async (authorization: Authorization): Promise<void> => {
    if (!kept || kept.isStored) return;
    await authorization.keep({ token: kept.token });
    kept.isStored = true;
  };

  return {
    async headers(_request, authorization) {
      const secret = secretOf(authorization, 'token');
      if (authorization.fresh || (kept && kept.instead !== secret)) kept = undefined;
      const token = kept?.token ?? secret;
      const { end, renewAt } = lifeOf(token);
      const now = authorization.anonymous.now().getTime();
      if (renewAt <= now && now < end && tryAt <= now && !authorization.fresh) {
        tryAt = now + TRY_AGAIN_MS;
        renewing = renew(authorization, token);
      }
      await renewing;
      // Requests at the same moment wait for one renewal. One that could not be stored is stored by the next request.
      storing ??= store(authorization).finally(() => {
        storing = undefined;
      });
      await storing;
      const current = kept?.token ?? token;
      const until = lifeOf(current).end;
      if (until < Number.POSITIVE_INFINITY) authorization.expiresAt(new Date(until));
      return { authorization: `Bearer ${current}` };
    },
  };
}

/** When a token ends and when it is to be renewed, in epoch milliseconds; never, if it does not say. */
function lifeOf(token: string): { readonly end: number; readonly renewAt: number } {
  const { exp, iat } = claimsOf(token);
  if (exp === undefined) return { end: Number.POSITIVE_INFINITY, renewAt: Number.POSITIVE_INFINITY };
  const end = exp * 1_000;
  const life = iat === undefined ? SHORTEST_LIFE_MS : Math.max(0, end - iat * 1_000);
  return { end, renewAt: end - life / 3 };
}

function claimsOf(token: string): { readonly exp?: number | undefined; readonly iat?: number | undefined } {
  try {
    return Claims.parse(decodeJwt(token));
  } catch {
    // A token of another kind is Ardexa's to judge.
    return {};
  }
}
