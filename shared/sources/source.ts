import type { EventFacts } from '../event/schema.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Poller } from '../polling/poller.ts';
import type { QueryObject } from '../query/object.ts';
import type { Tier } from '../retention.ts';
import type { EventType } from '../taxonomy.ts';
import type { Connecting } from './connecting.ts';

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
  /**
   * What all tellings of the event say, where its vendor tells it in several ways, as by API and by export: tellings with the
   * same content are one event, of which the first is stored.
   */
  readonly content?: Json | undefined;
}

/** A request to `POST /v1/webhooks/{connection}`, as the vendor sent it. Header names are in lower case. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** The last part of `/v1/webhooks/{connection}/{token}`, for vendors that can send no header and no signature. */
  readonly token?: string | undefined;
}

/** What a webhook request turned out to be. */
export type WebhookDelivery =
  | { readonly kind: 'ping' }
  /** Something happened, and the vendor's API will tell what: the connection is polled soon. */
  | { readonly kind: 'hint' }
  | {
      readonly kind: 'events';
      readonly raws: readonly JsonObject[];
      /**
       * Names what is delivered, where its events have no ids of their own; the vendor repeats it when it delivers again.
       */
      readonly deliveryId?: string;
    };

/** How a source's vendor pushes events over HTTPS. */
export interface WebhookDoor {
  /** True where the secret is the path's last part, as the vendor can prove itself in no other way. */
  readonly tokenInPath?: true;
  /** True if one of the secrets proves the request, over its exact bytes and in constant time. */
  verify(request: WebhookRequest, secrets: readonly string[]): boolean;
  /** @throws InvalidRequestError when the body can't be read; called only for requests that proved themselves. */
  read(request: WebhookRequest): WebhookDelivery;
}

/** What a vendor's field holds, `scalar` being a string, number or boolean. Null and absence are never drift. */
export type FieldType = 'string' | 'number' | 'boolean' | 'scalar' | 'object' | 'array';

/** The EMM type of each action; null for one that fits none. */
export type ActionTable = Readonly<Record<string, EventType | null>>;

/** A search that comes with a source: the parameters of `GET /v1/events`, but `source`. */
export interface SuggestedSearch {
  readonly name: string;
  readonly query: QueryObject;
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
  /** How long the vendor keeps them, in words for people. */
  readonly vendorKeeps: string;
  /** The order in which the vendor's API gives events; `none` where it has no order, or only pushes. */
  readonly order: 'oldest first' | 'newest first' | 'none';
  /** What says where to go on: a window of time, the vendor's token or link, a page number, or nothing. */
  readonly cursor: 'time' | 'token' | 'link' | 'page' | 'none';
  /** Where the vendor's own event id is, in words for people. */
  readonly eventId: string;
  /** The EMM event types that this source can give. */
  readonly types: readonly EventType[];
  /** The actions that the vendor documents. */
  readonly actions: ActionTable;
  /** The EMM type of an action that is not in the table, by its prefix and verb. */
  guess(action: string): EventType | null;
  /** Fields of the vendor's event that the mapping reads, by dot path: what has another type is counted as drift. */
  readonly fields: Readonly<Record<string, FieldType>>;
  /** What an investigator would look for and this log does not have, one short sentence each. */
  readonly notLogged: readonly string[];
  /** What is worth looking for in this log, offered to everyone who may read it. The query is of this source only. */
  readonly suggestedSearch: SuggestedSearch;
  /** How people connect it: told to them, and asked for in a form. Of every source with a webhook or a poller. */
  readonly connecting?: Connecting;
  readonly webhook?: WebhookDoor;
  /** How the log is read through the vendor's API. */
  readonly poller?: Poller;
  /** Maps one vendor event. Never throws: what fits no mapping gets `type: null`. */
  normalize(raw: JsonObject): MappedEvent[];
}
