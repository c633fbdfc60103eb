import type { Json, JsonObject } from '../../../shared/json.ts';

/** A request as a fake vendor sees it. Header names are in lower case; `url` is absolute, by the Host header. */
export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface FakeReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body?: string | Json;
}

/** An event in a vendor's history. */
export interface FakeEvent {
  /** When it happened, in the vendor's time. */
  readonly at: Date;
  /** From when on the vendor's API gives it. */
  readonly arrives: Date;
  /** The stream it belongs to. */
  readonly stream: string;
  readonly raw: JsonObject;
}

/** What a fake vendor knows: its history so far, its clock, and who may call. */
export interface World {
  /** The vendor's clock, which may be wrong; also its replies' `Date` header. */
  now(): Date;
  /** Events that have arrived by now and that the vendor still keeps, in the order of their arrival. */
  events(stream?: string): readonly FakeEvent[];
  /** The secrets that are good now; change when they are rotated. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Rises when every access token given out so far has become bad; put it into tokens and compare. */
  readonly tokenGeneration: number;
  /** At most so many events a page, where smaller than the vendor's own limit and what was asked for. */
  readonly pageSize?: number;
  /** For vendors that rotate a secret themselves (a refresh token): what is good from now on. */
  rotate(secrets: Readonly<Record<string, string>>): void;
}

/**
 * A small stand-in for a vendor's API that behaves as its documentation says: authentication, paging, order, filters,
 * limits, errors. It serves one source.
 */
export interface FakeVendor {
  /** The source whose log it is. */
  readonly source: string;
  /** Secrets that it takes at first. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What a connection says to reach it at this address; the streams that are worth showing. */
  settings(url: string): JsonObject;
  /** One of the source's events as the vendor would tell it: number `n`, happened at `at`. Equal for equal arguments. */
  event(n: number, at: Date, stream: string): JsonObject;
  /** A `raw` that `event` made, back to its `n`, as the test's judge counts them. */
  numberOf(raw: JsonObject): number;
  handle(request: FakeRequest, world: World): FakeReply | Promise<FakeReply>;
  /** How the vendor says "too many requests". */
  throttled(retryAfterSeconds?: number): FakeReply;
}
