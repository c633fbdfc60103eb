import type { TimeLeft } from '../../retry.ts';
import type { Clock } from '../clock.ts';
import {
  CredentialError,
  ForeignHostError,
  PermissionError,
  ThrottledError,
  UnreachableError,
  type VendorError,
  VendorRefusedError,
  VendorUnavailableError,
} from '../errors.ts';
import type { Collector, MeasuredVendor, Reply, RequestOptions, Throttle, Vendor, VendorRequest } from '../poller.ts';
import { excerpt, retryAfterMs, type VendorReply } from './reply.ts';
import type { Transport } from './transport.ts';

const TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** A longer wait that a vendor asks for is not spent inside a run. */
const LONGEST_WAIT_MS = 20_000;
const REDIRECTS = 3;
/** Below this a `Date` header, which has whole seconds, says nothing. */
const SMALLEST_SKEW_MS = 5_000;
const USER_AGENT = 'annals (audit log collector)';

/** The connection's secrets, which may be read again or replaced. */
export interface CredentialSource {
  /** @param fresh true if what was read before was refused. */
  read(fresh: boolean): Promise<Readonly<Record<string, string>>>;
  keep(secrets: Readonly<Record<string, string>>): Promise<void>;
}

export interface VendorClientOptions {
  readonly collector: Pick<Collector, 'hosts' | 'authorizer' | 'throttled'>;
  readonly credentials: CredentialSource;
  readonly transport: Pick<Transport, 'send'>;
  readonly clock: Clock;
  /** What an earlier run measured. */
  readonly skewMs?: number;
  /** A wait that would not end in time is not begun. */
  readonly timeLeft: TimeLeft;
}

/** A vendor's API for one connection and one run. */
export class VendorClient implements MeasuredVendor {
  readonly #options: VendorClientOptions;
  readonly #anonymous: Vendor;
  #secrets: Readonly<Record<string, string>> = {};
  #skewMs: number;
  #requests = 0;
  #expiresAt: Date | undefined;

  constructor(options: VendorClientOptions) {
    this.#options = options;
    this.#skewMs = options.skewMs ?? 0;
    this.#anonymous = {
      get: (url, request) => this.#call('GET', url, request, false),
      post: (url, request) => this.#call('POST', url, request, false),
      now: () => this.now(),
    };
  }

  get(url: string | URL, options?: RequestOptions): Promise<Reply> {
    return this.#call('GET', url, options, true);
  }

  post(url: string | URL, options?: RequestOptions): Promise<Reply> {
    return this.#call('POST', url, options, true);
  }

  now(): Date {
    return new Date(this.#options.clock.now().getTime() + this.#skewMs);
  }

  get skewMs(): number {
    return this.#skewMs;
  }

  get requests(): number {
    return this.#requests;
  }

  get credentialExpiresAt(): Date | undefined {
    return this.#expiresAt;
  }

  async #call(
    method: 'GET' | 'POST',
    url: string | URL,
    options: RequestOptions = {},
    authorized: boolean,
  ): Promise<Reply> {
    const { clock, timeLeft } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#authorized(prepared(method, this.#allowed(url), options), options, authorized);
      } catch (error) {
        const waitMs = pauseAfter(error, attempt);
        if (waitMs === undefined || waitMs >= timeLeft()) throw error;
        await clock.sleep(waitMs);
      }
    }
  }

  /** Sends once; a 401 is tried again with secrets and tokens made anew. */
  async #authorized(request: VendorRequest, options: RequestOptions, authorized: boolean): Promise<Reply> {
    const { accept = [] } = options;
    let reply: VendorReply | undefined;
    try {
      reply = await this.#followed(request, authorized ? false : undefined);
    } catch (error) {
      if (!(authorized && error instanceof CredentialError)) throw error;
    }
    // Secrets may have been rotated a moment ago, and a token may have ended early.
    if (!reply || (reply.status === 401 && authorized && !accept.includes(401))) {
      reply = await this.#followed(request, true);
    }
    const throttle = reply.status < 400 ? undefined : this.#options.collector.throttled?.(reply);
    if (!throttle && (reply.status < 300 || accept.includes(reply.status))) {
      // What claims to be JSON and is not is a fault that may pass, so it is found where requests are repeated.
      if (reply.text !== '' && /\bjson\b/.test(reply.headers['content-type'] ?? '')) reply.json();
      return reply;
    }
    throw this.#failure(reply, request, throttle, authorized);
  }

  /** @param fresh undefined for a request that carries no authorisation. */
  async #followed(first: VendorRequest, fresh: boolean | undefined): Promise<VendorReply> {
    let request = first;
    for (let redirects = 0; ; redirects += 1) {
      const reply = await this.#send(fresh === undefined ? request : await this.#proved(request, fresh));
      const { location } = reply.headers;
      if (reply.status < 300 || reply.status >= 400 || request.method !== 'GET' || location === undefined) return reply;
      if (redirects === REDIRECTS) throw new VendorUnavailableError(`${first.url.origin} redirects in circles`);
      request = { ...request, url: this.#allowed(new URL(location, request.url)) };
    }
  }

  async #proved(request: VendorRequest, fresh: boolean): Promise<VendorRequest> {
    const { collector, credentials } = this.#options;
    this.#secrets = await credentials.read(fresh);
    const headers = await collector.authorizer.headers(request, {
      secrets: this.#secrets,
      fresh,
      anonymous: this.#anonymous,
      keep: (secrets) => credentials.keep(secrets),
      expiresAt: (time) => {
        this.#expiresAt = time;
      },
    });
    return { ...request, headers: { ...request.headers, ...headers } };
  }

  async #send(request: VendorRequest): Promise<VendorReply> {
    const { clock, transport } = this.#options;
    this.#requests += 1;
    const reply = await transport.send(request);
    const theirs = Date.parse(reply.headers['date'] ?? '');
    if (!Number.isNaN(theirs)) {
      // The header has whole seconds, cut off: on average half a second is missing.
      const skew = theirs + 500 - clock.now().getTime();
      this.#skewMs = Math.abs(skew) < SMALLEST_SKEW_MS ? 0 : skew;
    }
    return reply;
  }

  #allowed(url: string | URL): URL {
    const target = new URL(url);
    if (this.#options.collector.hosts.includes(target.origin)) return target;
    throw new ForeignHostError(
      `the vendor points to ${target.origin}, which is none of this connection's hosts (${this.#options.collector.hosts.join(', ')})`,
    );
  }

  #failure(
    reply: VendorReply,
    { method, url }: VendorRequest,
    throttle: Throttle | undefined,
    authorized: boolean,
  ): VendorError {
    const { status, headers, text } = reply;
    const said = excerpt(text, Object.values(this.#secrets));
    const what = `${method} ${url.origin}${url.pathname} was answered with ${status}${said === '' ? '' : `: ${said}`}`;
    const retryAfter = retryAfterMs(headers['retry-after'], this.now());
    if (throttle) return new ThrottledError(what, throttle.waitMs ?? retryAfter);
    if (status === 429 || (status === 503 && retryAfter !== undefined)) return new ThrottledError(what, retryAfter);
    if (status >= 500) return new VendorUnavailableError(what);
    if (authorized && status === 401) return new CredentialError(what);
    if (authorized && status === 403) return new PermissionError(what);
    return new VendorRefusedError(what, status, said);
  }
}

function prepared(method: 'GET' | 'POST', url: URL, { headers = {}, json, form }: RequestOptions): VendorRequest {
  const common = { 'user-agent': USER_AGENT, accept: 'application/json', ...lowerCased(headers) };
  if (json !== undefined) {
    const type = { 'content-type': 'application/json' };
    return { method, url, headers: { ...type, ...common }, body: JSON.stringify(json) };
  }
  if (form !== undefined) {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method, url, headers: { ...type, ...common }, body: new URLSearchParams(form).toString() };
  }
  return { method, url, headers: common };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** How long to wait before the next try; undefined when another try is of no use, or not now. */
function pauseAfter(error: unknown, attempt: number): number | undefined {
  if (attempt >= TRIES) return undefined;
  if (error instanceof ThrottledError) {
    return error.waitMs !== undefined && error.waitMs <= LONGEST_WAIT_MS ? error.waitMs : undefined;
  }
  const mayPass = error instanceof VendorUnavailableError || error instanceof UnreachableError;
  return mayPass ? Math.random() * FIRST_PAUSE_MS * 2 ** attempt : undefined;
}
