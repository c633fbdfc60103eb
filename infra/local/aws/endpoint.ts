import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AnnalsError } from '../../../shared/errors.ts';
import type { Call, Fault, Hooks, Principal } from '../types.ts';
import { checkStatements, isAllowed } from './iam.ts';
import { readPresigned } from './presigned.ts';

/** A request whose caller is known. `path` is still percent-encoded, header names are in lower case. */
export interface AwsRequest {
  readonly principal: Principal;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What a service answers. `content-type`, `content-length` and the request id are filled in where missing. */
export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A fault that strikes single positions of a batch; the service applies it. */
export type ItemsFault = Extract<Fault, { kind: 'items' }>;

/**
 * Checks one action of the caller, reports it to `hooks.observe` and applies `hooks.fault`.
 *
 * Faults of kind `error` are thrown and those of kind `timeout` cut the connection, in both cases before the service
 * does anything; an `items` fault is returned.
 *
 * @throws AwsError AccessDeniedException (400; for S3 AccessDenied, 403) when the caller's role does not allow it.
 */
export type Authorize = (call: {
  action: string;
  resource: string;
  input?: unknown;
  context?: Readonly<Record<string, readonly string[]>>;
}) => Promise<ItemsFault | undefined>;

/** One AWS service. `name` is the service of the credential scope: `dynamodb`, `s3`, `firehose`, `ssm`, `kms`, `lambda`. */
export interface AwsService {
  readonly name: string;
  handle(request: AwsRequest, authorize: Authorize): Promise<AwsResponse>;
}

/** An error that AWS would answer: `code` as AWS spells it, `status` the HTTP status. */
export class AwsError extends AnnalsError {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}

/** The connection is to be cut without an answer. */
class CutConnection extends Error {}

/**
 * Starts one HTTP server on 127.0.0.1 that stands for every AWS service given.
 *
 * The service and the caller come from the credential scope of a link's query string, or of the `Authorization` header
 * (`Credential=<access key id>/<date>/<region>/<service>/aws4_request`). A link's signature is checked. A header's
 * is not: the server is reached over loopback only and the ids can't be guessed. `port` 0, the default, takes a free one.
 *
 * `close` cuts open connections and resolves at once.
 *
 * @throws ConfigurationError when a principal's policy has something that can't be evaluated.
 */
export async function startEndpoint(options: {
  services: readonly AwsService[];
  principals: readonly Principal[];
  hooks?: Hooks;
  port?: number;
  /** Judges whether a link has expired. @default the system's clock */
  clock?: () => Date;
}): Promise<{ url: string; close(): Promise<void> }> {
  const { hooks = {}, clock = () => new Date() } = options;
  const services = new Map(options.services.map((service) => [service.name, service]));
  const principals = new Map(options.principals.map((principal) => [principal.accessKeyId, principal]));
  for (const { statements } of options.principals) checkStatements(statements);

  const server = createServer((incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    answer(incoming, gone.signal).then(
      (response) => send(outgoing, response),
      // Only a broken or cut connection ends here: everything else has become an error response.
      () => outgoing.destroy(),
    );
  });

  async function answer(incoming: IncomingMessage, gone: AbortSignal): Promise<AwsResponse> {
    let [, accessKeyId = '', name = ''] =
      /Credential=([^/,\s]+)\/[^/,\s]+\/[^/,\s]+\/([^/,\s]+)\/aws4_request/.exec(
        incoming.headers.authorization ?? '',
      ) ?? [];
    const lost = new AbortController();
    try {
      let request = await read(incoming);
      const presigned = readPresigned(request);
      if (presigned) ({ accessKeyId, service: name } = presigned);
      const principal = principals.get(accessKeyId);
      if (principal === undefined) throw unknownCaller(name, accessKeyId);
      if (presigned) request = presigned.verified(principal.secretAccessKey, clock());
      const service = services.get(name);
      if (service === undefined)
        throw new AwsError('UnknownOperationException', `the local endpoint has no service ${name}`, 404);
      const authorize = authorizer(name, principal, gone, () => lost.abort());
      const response = await service.handle({ ...request, principal }, authorize);
      if (lost.signal.aborted) throw new CutConnection();
      return withType(name, response);
    } catch (error) {
      if (error instanceof CutConnection || incoming.errored !== null || gone.aborted) throw error;
      return errorResponse(name, error);
    }
  }

  function authorizer(service: string, principal: Principal, gone: AbortSignal, lose: () => void): Authorize {
    return async ({ action, resource, input, context }) => {
      const call: Call = { principal: principal.name, action, resource, input };
      const allowed =
        principal.name === 'operator' ||
        isAllowed(principal.statements, { action, resource, ...(context !== undefined && { context }) });
      hooks.observe?.(call, allowed);
      if (!allowed) throw accessDenied(service, call);
      const fault = hooks.fault?.(call);
      if (fault?.kind === 'error') throw new AwsError(fault.code, fault.message ?? 'injected fault', fault.status);
      if (fault?.kind === 'timeout') {
        await delay(fault.afterMs, undefined, { signal: gone });
        throw new CutConnection();
      }
      if (fault?.kind === 'lost answer') {
        lose();
        return undefined;
      }
      return fault;
    };
  }

  // Clients keep connections for reuse; a server that closes an idle one races with their next request.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * The operation and the parsed input of a request in one of the AWS JSON protocols.
 *
 * @throws AwsError SerializationException when the body is not a JSON object, UnknownOperationException without a target.
 */
export function readJsonCall(request: AwsRequest): { target: string; operation: string; input: object } {
  const [, target, operation] = /^(.+)\.(\w+)$/.exec(request.headers['x-amz-target'] ?? '') ?? [];
  if (target === undefined || operation === undefined)
    throw new AwsError('UnknownOperationException', 'the request has no X-Amz-Target');
  try {
    const input: unknown = JSON.parse(request.body.toString());
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return { target, operation, input };
  } catch (cause) {
    throw new AwsError('SerializationException', 'the body is not JSON', 400, { cause });
  }
  throw new AwsError('SerializationException', 'the body is not a JSON object');
}

/**
 * The input of an operation in the schema's shape.
 *
 * @throws AwsError ValidationException that names everything which is wrong.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AwsError('ValidationException', z.prettifyError(result.error), 400, { cause: result.error });
}

async function read(incoming: IncomingMessage): Promise<Omit<AwsRequest, 'principal'>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[key] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
    body: Buffer.concat(chunks),
  };
}

function send(outgoing: ServerResponse, response: AwsResponse): void {
  outgoing.statusCode = response.status;
  outgoing.setHeader('x-amzn-RequestId', randomUUID());
  // 204 and 304 have no body and so no length (RFC 9110, 8.6).
  if (response.status !== 204 && response.status !== 304)
    outgoing.setHeader('content-length', Buffer.byteLength(response.body ?? ''));
  for (const [key, value] of Object.entries(response.headers ?? {})) outgoing.setHeader(key, value);
  outgoing.end(response.body);
}

function withType(service: string, response: AwsResponse): AwsResponse {
  if (response.body === undefined) return response;
  const type = service === 's3' ? 'application/xml' : 'application/x-amz-json-1.0';
  return { ...response, headers: { 'content-type': type, ...response.headers } };
}

function unknownCaller(service: string, accessKeyId: string): AwsError {
  if (service === '')
    return new AwsError('MissingAuthenticationTokenException', 'the request has no SigV4 Authorization header', 403);
  return service === 's3'
    ? new AwsError('InvalidAccessKeyId', `the access key id ${accessKeyId} is not known here`, 403)
    : new AwsError('UnrecognizedClientException', `the access key id ${accessKeyId} is not known here`);
}

function accessDenied(service: string, { principal, action, resource }: Call): AwsError {
  const message = `User: ${principal} is not authorized to perform: ${action} on resource: ${resource}`;
  return service === 's3' ? new AwsError('AccessDenied', message, 403) : new AwsError('AccessDeniedException', message);
}

function errorResponse(service: string, error: unknown): AwsResponse {
  const { code, status, message } =
    error instanceof AwsError ? error : { code: 'InternalFailure', status: 500, message: describe(error) };
  if (service !== 's3')
    return withType(service, {
      status,
      body: JSON.stringify({ __type: `com.amazonaws.${service || 'coral'}#${code}`, message }),
    });
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return withType(service, { status, body });
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

const XML_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => XML_ESCAPES[character] ?? character);
}
