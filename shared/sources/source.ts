import type { EventFacts } from '../event/schema.ts';
import type { JsonObject } from '../json.ts';
import type { Tier } from '../retention.ts';
import type { EventType } from '../taxonomy.ts';

/** One event as a source's mapping gives it: the facts, and what identifies it at the vendor. */
export interface MappedEvent {
  readonly facts: EventFacts;
  /** When it happened, ISO-8601 with any offset, if the vendor says. */
  readonly time?: string | undefined;
  /** The vendor's own id of the event, if there is one; several events made of one need different ids. */
  readonly vendorId?: string | undefined;
  /** The vendor's event, complete; secrets the vendor put into it are replaced, and `redacted` is then true. */
  readonly raw: JsonObject;
  readonly redacted?: boolean;
}

/** A request to `POST /v1/webhooks/{connection}`, as the vendor sent it. Header names are in lower case. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What a webhook request turned out to be. */
export type WebhookDelivery =
  | { readonly kind: 'ping' }
  | {
      readonly kind: 'event';
      readonly raw: JsonObject;
      /** Names the event; the vendor repeats it when it delivers the event again. */
      readonly deliveryId: string;
    };

/** How a source's vendor pushes events over HTTPS. */
export interface WebhookDoor {
  /** True if one of the secrets proves the request, over its exact bytes and in constant time. */
  verify(request: WebhookRequest, secrets: readonly string[]): boolean;
  /** @throws InvalidRequestError when the body can't be read; called only for requests that proved themselves. */
  read(request: WebhookRequest): WebhookDelivery;
}

/** One kind of audit log of a product: what is known of it in code. A connection is an authorised instance of it. */
export interface Source {
  /** `product.log`, as in `github.audit`. Also the folder's name. */
  readonly name: string;
  readonly product: string;
  /** What people read: "GitHub webhooks". */
  readonly title: string;
  readonly defaultTier: Tier;
  /** The vendor-side account or host that events belong to when a connection names none. */
  readonly defaultOrigin: string;
  /** How late events reach us, in words for people. */
  readonly lag: string;
  /** The EMM event types that this source can give. */
  readonly types: readonly EventType[];
  readonly webhook?: WebhookDoor;
  /** Maps one vendor event. Never throws: what fits no mapping gets `type: null`. */
  normalize(raw: JsonObject): MappedEvent[];
}
