import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import {
  AnnalsError,
  ConflictError,
  InvalidRequestError,
  NotFoundError,
  type Problem,
  StoreUnavailableError,
} from '../../shared/errors.ts';

/** What a route answers: `body` is written as JSON unless it is text already. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that knows its HTTP status; for what only exists at the HTTP door. */
export class HttpError extends AnnalsError {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  /** Further members of the problem document. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { headers?: Record<string, string>; problems?: readonly Problem[]; extra?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = options.headers ?? {};
    this.problems = options.problems ?? [];
    this.extra = options.extra ?? {};
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Service unavailable',
};

const RETRY_AFTER_SECONDS = '5';
/** A Lambda's answer may have 6 MB, and text grows a little by being written as JSON. */
const MAX_PLAIN_BYTES = 4_500_000;

/** The RFC 9457 problem document for an error. What we did not expect is told as little as possible. */
export function problemOf(error: unknown, requestId: string): Answer {
  const http = toHttpError(error);
  return {
    status: http.status,
    headers: { ...http.headers, 'content-type': 'application/problem+json' },
    body: {
      type: `urn:annals:problem:${http.code}`,
      title: TITLES[http.status] ?? 'Error',
      status: http.status,
      detail: http.message,
      requestId,
      ...(http.problems.length > 0 && { problems: http.problems }),
      ...http.extra,
    },
  };
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof InvalidRequestError) {
    return new HttpError(400, error.code, error.message, { problems: error.problems });
  }
  if (error instanceof NotFoundError) return new HttpError(404, error.code, error.message);
  if (error instanceof ConflictError) return new HttpError(409, error.code, error.message);
  if (error instanceof StoreUnavailableError) {
    return new HttpError(
      503,
      error.code,
      'the store is busy: send the same again after a while, nothing is stored twice',
      {
        headers: { 'retry-after': RETRY_AFTER_SECONDS },
      },
    );
  }
  return new HttpError(
    500,
    'internal',
    'something went wrong here: try again, and give the request id to your operator',
  );
}

/** The answer as API Gateway takes it (payload format 2.0). A large one goes out compressed. */
export function toResult(answer: Answer, requestId: string, acceptEncoding = ''): APIGatewayProxyStructuredResultV2 {
  const { status, body } = answer;
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const headers: Record<string, string> = {
    ...(text !== undefined && typeof body !== 'string' && { 'content-type': 'application/json' }),
    ...answer.headers,
    'x-request-id': requestId,
    'cache-control': 'no-store',
    // The page is of the same origin: nothing that the API gives may be taken for a script or a document.
    'x-content-type-options': 'nosniff',
  };
  if (text === undefined) return { statusCode: status, headers };
  if (Buffer.byteLength(text) <= MAX_PLAIN_BYTES) return { statusCode: status, headers, body: text };
  if (!/\bgzip\b/.test(acceptEncoding)) {
    const tooLarge = new HttpError(
      406,
      'answer_too_large',
      'the answer is too large to send plain: ask with Accept-Encoding: gzip',
    );
    return toResult(problemOf(tooLarge, requestId), requestId);
  }
  return {
    statusCode: status,
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: gzipSync(text).toString('base64'),
    isBase64Encoded: true,
  };
}
