/** A request as it came in: `target` is path and query as sent, `headers` name and value in the order sent. */
export interface GatewayRequest {
  readonly method: string;
  readonly target: string;
  readonly protocol: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sourceIp: string;
  readonly body: Buffer;
}

/** What API Gateway adds to a request. */
export interface GatewayContext {
  readonly accountId: string;
  readonly apiId: string;
  readonly requestId: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Port that the request came to. */
  readonly port: number;
  /** When it came, epoch milliseconds. */
  readonly now: number;
}

const CONNECTION_HEADERS = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
// Everything else comes base64-encoded, form posts and bodies without a type included.
const TEXT = /^\s*(text\/[^;\s]+|application\/(json|javascript|xml))\s*(;|$)/i;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Path and query of a request target; the path is decoded, as HTTP APIs hand it on, and ends at a decoded `?`.
 *
 * @throws URIError when the path is not well-formed percent-encoded UTF-8.
 */
export function parseTarget(target: string): { path: string; rawQueryString: string } {
  const mark = target.indexOf('?');
  const encoded = mark < 0 ? target : target.slice(0, mark);
  const [path = '/'] = decodeURIComponent(encoded).split('?');
  return { path, rawQueryString: mark < 0 ? '' : target.slice(mark + 1) };
}

/**
 * The event of payload format 2.0 for a Lambda integration.
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html)
 */
export function toEvent(request: GatewayRequest, context: GatewayContext): object {
  const { path, rawQueryString } = parseTarget(request.target);
  const headers = headersOf(request, context);
  const cookies = request.headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(';').map((cookie) => cookie.trim()));
  const query = joined(new URLSearchParams(rawQueryString));
  const isText = TEXT.test(headers['content-type'] ?? '');
  const hasBody = request.body.length > 0;
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(rawQueryString !== '' && { queryStringParameters: query }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      domainName: (headers['host'] ?? '').replace(/:\d+$/, ''),
      domainPrefix: context.apiId,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: '$default',
      time: clfTime(context.now),
      timeEpoch: context.now,
    },
    ...(Object.keys(context.pathParameters).length > 0 && { pathParameters: context.pathParameters }),
    ...(hasBody && { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: hasBody && !isText,
  };
}

function headersOf(request: GatewayRequest, context: GatewayContext): Record<string, string> {
  const kept = request.headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    // Cookies have a field of their own in this format.
    .filter(([name]) => name !== 'cookie' && !CONNECTION_HEADERS.has(name));
  const headers = joined(kept);
  const seconds = Math.floor(context.now / 1000).toString(16);
  const forwarded = headers['x-forwarded-for'];
  return {
    ...headers,
    // A chunked body arrives whole at the function, with its length.
    ...(request.body.length > 0 && { 'content-length': String(request.body.length) }),
    'x-amzn-trace-id': `Root=1-${seconds}-${context.requestId.replaceAll('-', '').slice(0, 24)}`,
    'x-forwarded-for': forwarded === undefined ? request.sourceIp : `${forwarded}, ${request.sourceIp}`,
    'x-forwarded-port': String(context.port),
    'x-forwarded-proto': 'http',
  };
}

function joined(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

/** The time format of the Common Log Format, as in `22/Nov/2026:14:38:51 +0000`. */
function clfTime(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}
