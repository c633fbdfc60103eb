import { Agent, errors, request } from 'undici';
import { ReplyTooLargeError, UnreachableError, VendorUnavailableError } from '../errors.ts';
import type { VendorRequest } from '../poller.ts';
import { type AddressRules, checkHost, guardedLookup } from './addresses.ts';
import { VendorReply } from './reply.ts';

const CONNECT_MS = 5_000;
/** Between two pieces of an answer, and for its beginning. */
const SILENCE_MS = 30_000;
const WHOLE_MS = 60_000;
const MAX_REPLY_BYTES = 32 * 1024 * 1024;

const UNREACHABLE = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ALTNAME/;

export interface TransportOptions {
  readonly rules: AddressRules;
  /** PEM of the certificate authorities to trust instead of the public ones. */
  readonly certificateAuthority?: string | undefined;
  readonly timeouts?: { readonly silenceMs: number };
}

/** Sends requests over pooled connections, bounded in time and size, to addresses that the rules allow. */
export class Transport {
  readonly #agent: Agent;
  readonly #rules: AddressRules;

  constructor({ rules, certificateAuthority, timeouts: { silenceMs } = { silenceMs: SILENCE_MS } }: TransportOptions) {
    this.#rules = rules;
    this.#agent = new Agent({
      connect: {
        timeout: CONNECT_MS,
        lookup: guardedLookup(rules),
        ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
      },
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      maxResponseSize: MAX_REPLY_BYTES,
    });
  }

  /** @throws VendorUnavailableError, UnreachableError, AddressRefusedError, ReplyTooLargeError */
  async send({ method, url, headers, body }: VendorRequest): Promise<VendorReply> {
    checkHost(url.hostname, this.#rules);
    const from = url.origin + url.pathname;
    try {
      const answer = await request(url, {
        method,
        headers: { ...headers },
        body: body ?? null,
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(WHOLE_MS),
      });
      const text = await answer.body.text();
      return new VendorReply(from, answer.statusCode, flat(answer.headers), text);
    } catch (error) {
      throw asVendorError(error, from);
    }
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

function asVendorError(error: unknown, from: string): unknown {
  if (!(error instanceof Error)) return error;
  // A lookup's own error arrives as it is, or as the cause of a broken connection.
  for (const one of [error, error.cause]) {
    if (one instanceof Error && one.name === 'AddressRefusedError') return one;
  }
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return new ReplyTooLargeError(`${from} answered with more than ${MAX_REPLY_BYTES} bytes`, { cause: error });
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (UNTRUSTED.test(code)) {
    return new UnreachableError(
      `the certificate of ${from} is not trusted (${code}): give the connection the certificateAuthority that signed it`,
      { cause: error },
    );
  }
  if (UNREACHABLE.has(code)) {
    return new UnreachableError(`${from} can't be reached (${code}): check host and network`, { cause: error });
  }
  return new VendorUnavailableError(`${from} did not answer (${code || error.message})`, { cause: error });
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
