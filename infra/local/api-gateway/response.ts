import { z } from 'zod';

/** What goes back to the client. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Proxied = z.object({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** An answer of API Gateway's own. */
export function gatewayMessage(status: number, message: string): GatewayResponse {
  return {
    status,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/**
 * The response that payload format 2.0 reads out of what a function returned: with a `statusCode` it is taken part by
 * part, without one it is a JSON body of status 200. A malformed one is answered as API Gateway does, with 500.
 */
export function toResponse(payload: unknown): GatewayResponse {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(body) };
  }
  const parsed = Proxied.safeParse(payload);
  if (!parsed.success) return gatewayMessage(500, 'Internal Server Error');
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const pairs = Object.entries(headers ?? {})
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    // The length is that of the body sent, whatever the function said.
    .filter(([name]) => !['connection', 'content-length', 'transfer-encoding'].includes(name));
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  const typed = bytes.length === 0 || pairs.some(([name]) => name === 'content-type');
  return {
    status: statusCode,
    headers: [
      ...pairs,
      ...(typed ? [] : [['content-type', 'text/plain;charset=UTF-8'] as const]),
      ...(cookies ?? []).map((cookie) => ['set-cookie', cookie] as const),
    ],
    body: bytes,
  };
}
