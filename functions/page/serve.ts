import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { HttpError, problemOf, toResult } from '../http/answer.ts';
import type { PageFile, PageFiles } from './files.ts';

/** Nothing of another origin, nothing inline, nothing that makes code or markup of text (https://www.w3.org/TR/CSP3/). */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const CLOSED_FEATURES = [
  ...['accelerometer', 'autoplay', 'camera', 'display-capture', 'encrypted-media', 'fullscreen'],
  ...['geolocation', 'gyroscope', 'hid', 'idle-detection', 'local-fonts', 'magnetometer', 'microphone', 'midi'],
  ...['payment', 'picture-in-picture', 'publickey-credentials-get', 'screen-wake-lock', 'serial', 'usb'],
  'xr-spatial-tracking',
];

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': CLOSED_FEATURES.map((feature) => `${feature}=()`).join(', '),
};

/** A year, as preload lists ask for; not for subdomains, which are not ours to speak for. */
const TLS_ONLY = 'max-age=31536000';

type Request = Pick<APIGatewayProxyEventV2, 'rawPath' | 'headers' | 'requestContext'>;

/** The answer to a request for a file of the page. Those that are not there are 404, with the same protection. */
export function serve(files: PageFiles, request: Request): APIGatewayProxyStructuredResultV2 {
  const { rawPath, headers, requestContext } = request;
  const file = Object.hasOwn(files, rawPath) ? files[rawPath] : undefined;
  const result = file ? found(file, headers) : missing(requestContext.requestId);
  const secured = {
    ...result.headers,
    ...SECURITY_HEADERS,
    // Without TLS, as on one machine, browsers ignore it (RFC 6797, section 7.2).
    ...(headers['x-forwarded-proto'] === 'https' && { 'strict-transport-security': TLS_ONLY }),
  };
  return { ...result, headers: secured };
}

function found(file: PageFile, headers: Request['headers']): APIGatewayProxyStructuredResultV2 {
  const shared = {
    etag: file.etag,
    vary: 'accept-encoding',
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (isKnown(file.etag, headers['if-none-match'])) return { statusCode: 304, headers: shared };
  const encoding = encodingFor(headers['accept-encoding']);
  return {
    statusCode: 200,
    headers: {
      ...shared,
      'content-type': file.type,
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
    body: file.encodings[encoding],
    isBase64Encoded: true,
  };
}

function missing(requestId: string): APIGatewayProxyStructuredResultV2 {
  const why = 'there is no such file: the page may have been renewed, load it again';
  return toResult(problemOf(new HttpError(404, 'not_found', why), requestId), requestId);
}

/** Weak comparison (RFC 9110, section 13.1.2). */
function isKnown(etag: string, known = ''): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
}

/** The smallest that the client takes (RFC 9110, section 12.5.3). */
function encodingFor(accept = ''): keyof PageFile['encodings'] {
  const weights = new Map(
    accept
      .toLowerCase()
      .split(',')
      .map((range) => {
        const [coding = '', ...parameters] = range.split(';').map((part) => part.trim());
        const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
        return [coding, Number(weight)] as const;
      }),
  );
  const takes = (coding: string) => (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
  return (['br', 'gzip'] as const).find(takes) ?? 'identity';
}
