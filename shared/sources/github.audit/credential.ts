import { bearer } from '../../polling/authorizers.ts';
import type { Authorization, Authorizer, Reply } from '../../polling/poller.ts';

/** The version of the API that is asked for, in every request: https://docs.github.com/en/rest/about-the-rest-api/api-versions */
export const API_HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/** What proves a connection's requests, and hears of every reply. */
export interface Credential {
  readonly authorizer: Authorizer;
  replied(reply: Reply): void;
}

/** A personal access token. Replies to one that expires say when. */
export function personalToken(): Credential {
  const { headers } = bearer('token');
  let asked: Authorization | undefined;
  let known: { readonly token: string | undefined; readonly time: Date } | undefined;
  return {
    authorizer: {
      headers(request, authorization) {
        asked = authorization;
        // Streams that are read at the same time share this, and each is told.
        if (known && known.token === authorization.secrets['token']) authorization.expiresAt(known.time);
        return headers(request, authorization);
      },
    },
    replied(reply) {
      const time = expirationOf(reply.headers['github-authentication-token-expiration']);
      known = time && { token: asked?.secrets['token'], time };
      if (time) asked?.expiresAt(time);
    },
  };
}

const EXPIRATION = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})\s*(UTC|Z|[+-]\d{2}:?\d{2})$/;

/** `2026-10-12 09:00:00 UTC`, also with an offset in the place of UTC; undefined for what is no time. */
export function expirationOf(header: string | undefined): Date | undefined {
  const [, day, time, zone = ''] = EXPIRATION.exec(header?.trim() ?? '') ?? [];
  if (day === undefined || time === undefined) return undefined;
  const at = new Date(`${day}T${time}${zone.length > 3 ? zone.replace(/^(...):?/, '$1:') : 'Z'}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
