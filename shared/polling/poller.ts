import type { z } from 'zod';
import type { Json, JsonObject } from '../json.ts';

/** A secret that a connection needs. */
export interface SecretDeclaration {
  /** What it is and where people find it, one sentence. */
  readonly description: string;
  /** What it looks like; checked when it is given. */
  readonly pattern?: RegExp;
  readonly optional?: boolean;
}

/** A feed of its own within a connection, with its own position: most sources have one, Google one an application. */
export interface Stream {
  readonly name: string;
  /** How often it is asked for new events; at least 60. */
  readonly everySeconds: number;
  /** A window ends this long before now, where the vendor still holds back or reorders the newest. */
  readonly settleSeconds: number;
  /** Every window reads this much again before where the last one ended, for events that arrive a little late. */
  readonly overlapSeconds: number;
  /** How late events may arrive, as documented, with some margin: the sweep reads that far back again. */
  readonly lateSeconds: number;
  readonly sweepEverySeconds: number;
  /** The largest span of one window. */
  readonly windowSeconds: number;
  /** How long the vendor keeps events; absent where it keeps them for good. */
  readonly keepsSeconds?: number;
  /** How far back the first backfill goes when nobody says: what the vendor keeps, or some years where that is for good. */
  readonly historySeconds: number;
}

/** One page of the half-open window `[from, to)`, in the vendor's time. */
export interface PageRequest {
  readonly stream: string;
  readonly from: Date;
  readonly to: Date;
  /** What the page before said in `next`; absent for the first. */
  readonly cursor?: Json;
  /** At most so many events, where the vendor lets one choose; absent means the best page size. */
  readonly limit?: number;
  /** Keys of parts (a blob, a file) that earlier pages said they were `done` with and that were stored. */
  readonly done: ReadonlySet<string>;
}

/**
 * What a page brought. It may hold events from outside the window, and events that came before: both do no harm.
 *
 * Where events have no id of their own, a page must hold all events of an instant or none: equal ones are told apart by
 * counting them.
 */
export interface Page {
  readonly events: readonly JsonObject[];
  /** How to ask for the following page; absent when the window is read to its end. Must not repeat within a window. */
  readonly next?: Json;
  /** Why a part of this window could not be had and never will; it becomes a known gap. */
  readonly missing?: string;
  /** Keys of parts that need not be fetched again by a window that overlaps this one. */
  readonly done?: readonly string[];
}

/** A page of a feed that has positions and no times. */
export interface FeedPage {
  readonly events: readonly JsonObject[];
  /** Where to go on; the old one when nothing came. */
  readonly position: Json;
  /** False when everything up to now was read. */
  readonly more: boolean;
}

/** A feed that is followed by the vendor's own position instead of windows of time. */
export interface Feed {
  /** The position of now: what happens from here on is found after it. */
  start(vendor: Vendor, stream: string): Promise<Json>;
  /** @throws CursorExpiredError when the vendor does not know the position any more. */
  page(position: Json, vendor: Vendor, stream: string): Promise<FeedPage>;
  /** How long a position is good: after a longer pause windows fill the gap. */
  readonly positionKeepsSeconds: number;
}

/** How one connection's log is read. */
export interface Collector {
  /** The vendor-side account or host whose events these are: part of event ids, so it must not change. */
  readonly origin: string;
  /** Origins (`https://api.example.com`) that requests, links, redirects and blob addresses may lead to; base first. */
  readonly hosts: readonly string[];
  readonly streams: readonly Stream[];
  /** Made once a connection and kept, so that it can remember a token. */
  readonly authorizer: Authorizer;
  /**
   * Reads one page: builds the request, reads the reply, says what follows. Throttling, failures, repetition, limits of
   * size and time are the client's and the engine's.
   *
   * @throws CursorExpiredError when the vendor does not know the cursor any more.
   */
  page(request: PageRequest, vendor: Vendor): Promise<Page>;
  /** Where set, new events are read from it; windows serve sweeps and backfills. */
  readonly feed?: Feed;
  /** Makes of a vendor's way of throttling what it is, where that is not 429 or 503 with Retry-After. */
  throttled?(reply: Reply): Throttle | undefined;
  /** What an error means for this vendor and what to do, in plain words; for the connection test. */
  explain?(error: unknown): string | undefined;
}

export interface Throttle {
  /** How long to wait, if the vendor says. */
  readonly waitMs?: number;
}

/** How a source's log is read through the vendor's API: what is declared, and what {@link definePoller} makes of it. */
export interface PollerDeclaration<Settings> {
  /** What a connection has to say besides its secrets: a strict object. */
  readonly settings: z.ZodType<Settings>;
  readonly secrets: Readonly<Record<string, SecretDeclaration>>;
  /** True if a page's `next` is good for hours; otherwise a window that was cut short is read from its beginning. */
  readonly cursorLasts: boolean;
  /** Pause between two pages, in milliseconds; where the vendor asks for one. */
  readonly pauseMs?: number;
  connect(settings: Settings): Collector;
}

export interface Poller extends Omit<PollerDeclaration<unknown>, 'connect'> {
  /** @throws ZodError when the settings are not what the source wants. */
  connect(settings: unknown): Collector;
}

/**
 * @example
 * ```ts
 * export const poller = definePoller({
 *   settings: z.strictObject({ host: z.string() }),
 *   secrets: { token: { description: 'An API token with the scope audit:read' } },
 *   cursorLasts: true,
 *   connect: ({ host }) => ({ origin: host, hosts: [`https://${host}`], streams: [...], authorizer: bearer('token'), page }),
 * });
 * ```
 */
export function definePoller<Settings>(declaration: PollerDeclaration<Settings>): Poller {
  return { ...declaration, connect: (settings) => declaration.connect(declaration.settings.parse(settings)) };
}

export interface VendorRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A vendor's answer, read to its end. Header names are in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body as JSON, large integers unspoiled. @throws VendorUnavailableError when it is not JSON. */
  json(): Json;
  /** The body as what the schema says. @throws VendorUnavailableError when it is something else. */
  parse<T>(schema: z.ZodType<T>): T;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON body. */
  readonly json?: Json;
  /** A form body, `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  /** Statuses besides 2xx that are answers and not errors. */
  readonly accept?: readonly number[];
}

/**
 * A vendor's API as one connection reaches it. Requests carry the connection's authorisation; a 401 is tried once more with
 * secrets read again; what may pass is repeated a few times; hosts, addresses, sizes and times are bounded.
 *
 * Every call throws a {@link import('./errors.ts').VendorError}: CredentialError, PermissionError, ThrottledError,
 * VendorUnavailableError, UnreachableError, VendorRefusedError, ForeignHostError, AddressRefusedError, ReplyTooLargeError.
 */
export interface Vendor {
  get(url: string | URL, options?: RequestOptions): Promise<Reply>;
  post(url: string | URL, options?: RequestOptions): Promise<Reply>;
  /** The vendor's time, as its `Date` headers tell it. */
  now(): Date;
}

/** A vendor, and what was learned by talking to it. */
export interface MeasuredVendor extends Vendor {
  /** How far the vendor's clock is ahead of ours, in milliseconds; 0 where it can't be told. */
  readonly skewMs: number;
  /** Requests sent so far, with repetitions. */
  readonly requests: number;
  /** When the connection's secrets stop being good, if that is known. */
  readonly credentialExpiresAt: Date | undefined;
}

/** What an {@link Authorizer} works with. */
export interface Authorization {
  /** The connection's secrets, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** True after a 401: what was remembered must not be used again. */
  readonly fresh: boolean;
  /** The vendor without authorisation, for token endpoints. A 400, 401 or 403 of it is thrown as VendorRefusedError. */
  readonly anonymous: Vendor;
  /** Stores secrets that the vendor replaced (a rotated refresh token); wait for it before using them. */
  keep(secrets: Readonly<Record<string, string>>): Promise<void>;
  /** Says when the secrets stop being good, for an alarm ahead of it. */
  expiresAt(time: Date): void;
}

/** Proves requests. Called for every attempt, so that signatures carry their own time. */
export interface Authorizer {
  /**
   * @returns the headers to add.
   * @throws CredentialError when the vendor does not accept the secrets.
   */
  headers(request: VendorRequest, authorization: Authorization): Promise<Readonly<Record<string, string>>>;
}
