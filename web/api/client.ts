import { parseJson } from '../../shared/json.ts';
import { ApiError, errorOf } from './error.ts';

/** Values of a query string; what is null or undefined is left out, lists repeat their name. */
export type Query = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** API Gateway itself gives up after 30 seconds. */
  readonly timeoutMs?: number;
}

/** What the client needs of the world. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  /** The API key to present; null when nobody is signed in. */
  readonly key: () => string | null;
  /** Called when the API no longer takes the key. */
  readonly onRefused: (error: ApiError, key: string | null) => void;
  /** Waits, unless the signal ends it before. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

const TIMEOUT_MS = 31_000;
const RETRIES = 3;
const LONGEST_WAIT_MS = 15_000;

/** Asks the deployment's API. */
export class Client {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /**
   * The answer's JSON, trusted to be what the API's description says; undefined for 204.
   * Reads that are answered 429 or 503 are asked again, after what `Retry-After` says.
   *
   * @throws ApiError for every failure but the caller's own abort, which is thrown as it is.
   */
  async ask<T>(path: string, ask: Ask = {}): Promise<T> {
    const signal = AbortSignal.any([
      AbortSignal.timeout(ask.timeoutMs ?? TIMEOUT_MS),
      ...(ask.signal ? [ask.signal] : []),
    ]);
    const mayRepeat = (ask.method ?? 'GET') === 'GET';
    try {
      for (let attempt = 1; ; attempt++) {
        const key = this.#world.key();
        const response = await this.#send(path, ask, key, signal);
        if (response.ok) return (response.status === 204 ? undefined : parse(await response.text())) as T;
        const error = await errorOf(response);
        if (error.status === 401) this.#world.onRefused(error, key);
        const isBusy = error.status === 429 || error.status === 503;
        if (!mayRepeat || !isBusy || attempt > RETRIES) throw error;
        const wait = retryAfterMs(response.headers.get('retry-after'), attempt);
        if (wait > LONGEST_WAIT_MS) throw error;
        await this.#world.wait(wait, signal);
      }
    } catch (cause) {
      if (cause instanceof ApiError) throw cause;
      if (ask.signal?.aborted) throw cause;
      throw notAnswered(cause, signal);
    }
  }

  #send(path: string, { method = 'GET', query, body }: Ask, key: string | null, signal: AbortSignal) {
    return this.#world.fetch(`${path}${queryString(query)}`, {
      method,
      signal,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

/** Vendors' ids can be integers that a number can't hold; browsers before 2025 round them. */
function parse(text: string): unknown {
  return 'rawJSON' in JSON ? parseJson(text) : JSON.parse(text);
}

/** `?a=1&b=2`, or nothing. */
export function queryString(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** Seconds or a date (RFC 9110, section 10.2.3); without it, longer each time. */
function retryAfterMs(header: string | null, attempt: number): number {
  if (header === null) return 500 * 2 ** attempt;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? 500 * 2 ** attempt : Math.max(0, ms);
}

function notAnswered(cause: unknown, signal: AbortSignal): ApiError {
  if (signal.aborted) {
    const message = 'The deployment took too long to answer. Try again, or ask for a shorter range of time.';
    return new ApiError(message, { code: 'timeout', status: 0 }, { cause });
  }
  const message = 'The deployment could not be reached. Check your network, then try again.';
  return new ApiError(message, { code: 'unreachable', status: 0 }, { cause });
}
