import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError, type AwsRequest } from './endpoint.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const LONGEST_SECONDS = 604_800;
const PARTS = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'] as const;
/** Of the signing alone; every other `X-Amz-` parameter is a header that was signed as a parameter. */
const OWN = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/i;

type Unsigned = Omit<AwsRequest, 'principal'>;

/** A request whose signature is in its query string, as a link has it. */
export interface Presigned {
  readonly accessKeyId: string;
  /** The service of the credential scope. */
  readonly service: string;
  /**
   * The request without its signature. Unlike other requests, whose callers need an id that can't be guessed, a link is
   * handed out and shows that id: so this signature is checked.
   *
   * @throws AwsError 403 when the link has expired, or was not signed for this request; 400 when it is malformed.
   */
  verified(secretAccessKey: string, now: Date): Unsigned;
}

/** @returns undefined for a request that is not presigned. */
export function readPresigned(request: Unsigned): Presigned | undefined {
  const { query } = request;
  if (!query.has('X-Amz-Signature') && !query.has('X-Amz-Credential')) return undefined;
  const [accessKeyId = '', date = '', region = '', service = ''] = (query.get('X-Amz-Credential') ?? '').split('/');
  return {
    accessKeyId,
    service,
    verified(secretAccessKey, now) {
      const missing = PARTS.find((name) => !query.get(`X-Amz-${name}`));
      if (missing !== undefined || query.get('X-Amz-Algorithm') !== ALGORITHM)
        throw malformed(`X-Amz-${missing ?? 'Algorithm'} is missing or not known`);
      requireFresh(query, now);
      const scope = `${date}/${region}/${service}/aws4_request`;
      const text = [ALGORITHM, query.get('X-Amz-Date'), scope, sha256Hex(canonicalRequest(request))].join('\n');
      const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
      const expected = hmac(key, text);
      const given = Buffer.from(query.get('X-Amz-Signature') ?? '', 'hex');
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        throw new AwsError(
          'SignatureDoesNotMatch',
          'The request signature we calculated does not match the signature you provided.',
          403,
        );
      return withoutSignature(request);
    },
  };
}

function requireFresh(query: URLSearchParams, now: Date): void {
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(query.get('X-Amz-Date') ?? '') ?? [];
  const signedAt = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  const seconds = Number(query.get('X-Amz-Expires'));
  if (Number.isNaN(signedAt) || !(seconds > 0 && seconds <= LONGEST_SECONDS))
    throw malformed(`X-Amz-Date or X-Amz-Expires is malformed, or longer than ${LONGEST_SECONDS} seconds`);
  if (signedAt + seconds * 1_000 <= now.getTime()) throw new AwsError('AccessDenied', 'Request has expired', 403);
}

/** S3 takes the path as it is sent, and no hash of the body. */
function canonicalRequest({ method, path, query, headers }: Unsigned): string {
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  const signed = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const lines = signed.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, path, parameters.join('&'), lines.join(''), signed.join(';'), 'UNSIGNED-PAYLOAD'].join('\n');
}

function withoutSignature(request: Unsigned): Unsigned {
  const headers = { ...request.headers };
  const query = new URLSearchParams();
  for (const [name, value] of request.query) {
    if (OWN.test(name)) continue;
    if (/^x-amz-/i.test(name)) headers[name.toLowerCase()] = value;
    else query.append(name, value);
  }
  return { ...request, query, headers };
}

/** RFC 3986: everything but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function malformed(message: string): AwsError {
  return new AwsError('AuthorizationQueryParametersError', message, 400);
}
