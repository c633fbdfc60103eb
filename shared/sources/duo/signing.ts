import { createHash, createHmac } from 'node:crypto';
import { secretOf } from '../../polling/authorizers.ts';
import type { Authorizer } from '../../polling/poller.ts';

/** What a signature is over. */
export interface SignedRequest {
  /** As in the `Date` header: {@link dateOf}. */
  readonly date: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** As {@link canonicalParameters} writes them. */
  readonly parameters: string;
  readonly body: string;
}

/**
 * Signs every request with the secrets `integrationKey` and `secretKey`, by version 5 of Duo's scheme: what its current
 * client does (https://github.com/duosecurity/duo_client_python/blob/master/duo_client/client.py).
 */
export const signer: Authorizer = {
  async headers({ method, url, body = '' }, authorization) {
    // A date that is some minutes off is refused, so it is that of Duo's own clock.
    const date = dateOf(authorization.anonymous.now());
    const parameters = canonicalParameters(url.searchParams);
    const signature = signatureOf(
      { date, method, host: url.host, path: url.pathname, parameters, body },
      secretOf(authorization, 'secretKey'),
    );
    const credentials = `${secretOf(authorization, 'integrationKey')}:${signature}`;
    return { date, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  },
};

/** Lower-case hexadecimal HMAC-SHA-512 over the seven lines of a version 5 signature. */
export function signatureOf({ date, method, host, path, parameters, body }: SignedRequest, secretKey: string): string {
  // The last line is for `X-Duo-*` headers, of which there are none.
  const lines = [date, method.toUpperCase(), host.toLowerCase(), path, parameters, sha512(body), sha512('')];
  return createHmac('sha512', secretKey).update(lines.join('\n')).digest('hex');
}

/**
 * Parameters as they are signed and sent: encoded after RFC 3986 section 2.3, in the order of their encoded names and
 * values.
 */
export function canonicalParameters(parameters: Iterable<readonly [string, string]>): string {
  return [...parameters]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** A time in the form of RFC 2822, with the zone as Duo's own clients write it: `Tue, 21 Aug 2012 17:29:18 -0000`. */
export function dateOf(time: Date): string {
  return time.toUTCString().replace('GMT', '-0000');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha512(text: string): string {
  return createHash('sha512').update(text).digest('hex');
}
