import { z } from 'zod';
import { parseJson } from '../../json.ts';
import {
  CredentialError,
  CursorExpiredError,
  LogUnavailableError,
  PermissionError,
  ThrottledError,
  UnreachableError,
  type VendorError,
  VendorRefusedError,
} from '../../polling/errors.ts';
import type { Reply, Throttle } from '../../polling/poller.ts';
import type { Settings } from './settings.ts';
import { SCOPE } from './token.ts';

/** Where Google advises to begin with waiting (https://developers.google.com/admin-sdk/reports/v1/limits). */
const FIRST_WAIT_MS = 5_000;
const QUOTA = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'RATE_LIMIT_EXCEEDED']);
const NO_SCOPE = new Set(['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']);
const NO_API = new Set(['accessNotConfigured', 'SERVICE_DISABLED']);

const Reasons = z
  .array(z.object({ reason: z.string().optional().catch(undefined) }).catch({ reason: undefined }))
  .catch([]);
const Body = z.object({
  error: z.object({ message: z.string().catch(''), errors: Reasons, details: Reasons }),
});

interface Refusal {
  readonly message: string;
  readonly reasons: readonly string[];
}

function refusalOf(text: string): Refusal {
  const parsed = Body.safeParse(jsonOf(text));
  if (!parsed.success) return { message: text.slice(0, 200), reasons: [] };
  const { message, errors, details } = parsed.data.error;
  const reasons = [...errors, ...details].flatMap(({ reason }) => reason ?? []);
  return { message: message.slice(0, 200), reasons };
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Quotas are reported as 503, at times as 403 with a reason, or as 429; `Retry-After` is not promised. */
export function throttled({ status, headers, text }: Reply): Throttle | undefined {
  const isThrottle =
    status === 429 || status === 503 || (status === 403 && refusalOf(text).reasons.some((reason) => QUOTA.has(reason)));
  if (!isThrottle) return undefined;
  return headers['retry-after'] === undefined ? { waitMs: FIRST_WAIT_MS } : {};
}

/**
 * What a 400 or 403 to a request for an application's log means, with what to do.
 *
 * @param withToken whether the request had a page token.
 */
export function refused(reply: Reply, application: string, withToken: boolean): VendorError {
  const throttle = throttled(reply);
  const { message, reasons } = refusalOf(reply.text);
  const said = `(Google says: ${message})`;
  if (throttle) return new ThrottledError(`Google's quota is used up ${said}`, throttle.waitMs);
  if (reply.status === 400) {
    if (withToken) return new CursorExpiredError(`Google does not know the page token any more ${said}`);
    if (/application/i.test(message)) {
      return new LogUnavailableError(
        `Google has no log named ${application}: take it out of the setting applications ${said}`,
      );
    }
    return new VendorRefusedError(
      `Google refuses to read the log ${application}: check the setting customerId, and take the application out of the setting applications if Google does not have it ${said}`,
      reply.status,
      message,
    );
  }
  if (reasons.some((reason) => NO_SCOPE.has(reason))) {
    return new PermissionError(
      `the access token has not the scope ${SCOPE}: add it to the domain-wide delegation of the service account ${said}`,
    );
  }
  if (reasons.some((reason) => NO_API.has(reason))) {
    return new PermissionError(
      `the Admin SDK API is not enabled: enable it in the Google Cloud project of the service account ${said}`,
    );
  }
  return new LogUnavailableError(
    `Google does not give the log ${application}: where the edition of Google Workspace has no such log, take it out of the setting applications; where all logs fail, check the settings subject and customerId ${said}`,
  );
}

/** What the errors of the client mean here; those of this source say it themselves. */
export function explain(error: unknown, { subject, baseUrl, tokenUrl }: Settings): string | undefined {
  // Only the API itself answers a good token with 401; the token endpoint's refusals have their own words.
  if (error instanceof CredentialError && error.message.includes('was answered with 401')) {
    return `Google does not let ${subject} read audit logs: give this administrator the privilege Reports (Admin console, Admin roles), and check that the domain-wide delegation has the scope ${SCOPE}`;
  }
  if (error instanceof ThrottledError) {
    return "Google's quota is used up, or Google is out of order: it is tried again by itself. If it stays so, see the quota of the Admin SDK API in the service account's project";
  }
  if (error instanceof UnreachableError) {
    return `there is no way to Google: allow HTTPS to ${new URL(baseUrl).host} and ${new URL(tokenUrl).host}`;
  }
  if (error instanceof VendorRefusedError && error.status === 404) {
    return 'there is no such address at Google: take the settings baseUrl and tokenUrl out, or correct them';
  }
  return undefined;
}
