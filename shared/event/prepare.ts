import { createHash } from 'node:crypto';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Tier } from '../retention.ts';
import { categoryOf } from '../taxonomy.ts';
import { eventId, type Identity, identityOf } from './id.ts';
import type { CanonicalEvent, EventFacts } from './schema.ts';
import { isPlausible, parseTime } from './time.ts';

/** Where a batch of events came from, and when. */
export interface Provenance {
  readonly tenant: string;
  readonly connection: string;
  readonly source: string;
  readonly product: string;
  readonly origin: string;
  readonly tier: Tier;
  readonly receivedAt: string;
}

/** An event ready to be stored. */
export interface PreparedEvent {
  readonly event: CanonicalEvent;
  readonly identity: Identity;
  /**
   * Set when the identity alone must decide which event this is, because the time may differ from one sending to the
   * next: `settle` takes the first time that was ever seen, `insist` makes another time a conflict.
   */
  readonly claim?: 'settle' | 'insist';
  /** Hash of what the sender said: tells a repeat from a repeat with other content ({@link compareContent}). */
  readonly contentHash: string;
  /** Set when it comes back from the archive. */
  readonly archived?: {
    /** Epoch seconds up to which it is kept at least. */
    readonly keepUntil: number;
    /** Its raw event, where that is kept aside already. */
    readonly raw?: { readonly sha256: string; readonly size: number };
  };
}

/** The content hash of what comes back from the archive, which does not have the former one: whatever is sent again repeats it. */
export const FROM_ARCHIVE = 'archive';

/** What one event says, before it is known where it came from. */
export interface EventInput {
  /** Where this one differs from its batch. */
  readonly from?: Partial<Pick<Provenance, 'source' | 'product' | 'tier'>>;
  /** The sender chose `vendorId` itself and vouches that it means this time and content: anything else is a conflict. */
  readonly insist?: boolean;
  readonly facts: EventFacts;
  readonly category?: CanonicalEvent['category'];
  readonly time?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly raw?: JsonObject | undefined;
  /**
   * What the event says, where its vendor tells it in several ways: what repeats and equal events are told by in the place of
   * `raw`. Never anything that `raw` has redacted.
   */
  readonly content?: Json | undefined;
  readonly redacted?: boolean | undefined;
}

/**
 * Makes canonical events of what a door took in: ids, times, categories. The one way in, whichever door it was.
 *
 * A time that is missing or out of range (before 1970, over a day ahead) becomes that of first receipt; an unusable one
 * is flagged `time_replaced`. Two inputs of one batch that are equal and carry no id of their own are two events.
 *
 * @param content what counts as an event's content: the vendor's raw event, or for producers all that they said.
 */
export function prepareEvents(
  inputs: readonly EventInput[],
  provenance: Provenance,
  content: (input: EventInput) => unknown = (input) => input.content ?? input.raw,
): PreparedEvent[] {
  const seen = new Map<string, number>();
  return inputs.map((input) => {
    const contentJson = canonicalJson(content(input));
    const { origin, ...where } = { ...provenance, ...input.from };
    let key = input.vendorId;
    if (key === undefined) {
      const ordinal = seen.get(contentJson) ?? 0;
      seen.set(contentJson, ordinal + 1);
      key = `${contentJson}#${ordinal}`;
    }
    const identity = identityOf({ tenant: where.tenant, source: where.source, origin, key });
    const time = usableTime(input.time, where.receivedAt);
    const flags = [
      ...(time === undefined && input.time !== undefined ? (['time_replaced'] as const) : []),
      ...(input.redacted ? (['redacted'] as const) : []),
    ];
    const event: CanonicalEvent = {
      id: eventId(time ?? where.receivedAt, identity),
      time: time ?? where.receivedAt,
      ...where,
      category: input.category ?? categoryOf(input.facts.type),
      ...withoutEmpty(input.facts),
      ...(flags.length > 0 && { flags }),
      ...(input.raw && { raw: input.raw }),
    };
    const telling = input.content === undefined ? '' : `.${hash(canonicalJson(input.raw))}`;
    const contentHash = hash(contentJson) + telling;
    const claim = time === undefined ? 'settle' : input.insist ? 'insist' : undefined;
    return { event, identity, contentHash, ...(claim && { claim }) };
  });
}

/** Whether two content hashes are of the same content: in the same words, or as their vendor tells it another way. */
export function compareContent(one: string, other: string): 'same' | 'retold' | 'other' {
  if (one === other || one === FROM_ARCHIVE || other === FROM_ARCHIVE) return 'same';
  const [said, telling] = one.split('.');
  return telling !== undefined && other.startsWith(`${said}.`) ? 'retold' : 'other';
}

/** An object that says nothing is left out: columns can't tell it from one that is not there. */
function withoutEmpty(facts: EventFacts): EventFacts {
  const isEmpty = (value: unknown) => isJsonObject(value) && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => !isEmpty(value))) as EventFacts;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** The same event at another time, and so under another id. */
export function atTime(event: CanonicalEvent, identity: Identity, time: string): CanonicalEvent {
  return { ...event, id: eventId(time, identity), time };
}

function usableTime(text: string | undefined, receivedAt: string): string | undefined {
  const time = text === undefined ? undefined : parseTime(text);
  return time !== undefined && isPlausible(time, Date.parse(receivedAt)) ? time : undefined;
}
