import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { TIERS } from '../retention.ts';
import { CATEGORIES, EVENT_TYPES } from '../taxonomy.ts';

export const OUTCOMES = ['success', 'failure', 'unknown'] as const;
export const ACTOR_TYPES = ['user', 'service', 'system', 'anonymous', 'unknown'] as const;

const text = z.string().min(1).max(8192);

export const Actor = z.strictObject({
  id: text.optional(),
  name: text.optional(),
  email: text.optional(),
  type: z.enum(ACTOR_TYPES),
  role: text.optional(),
});

export const Target = z.strictObject({
  /** What it is, in lower case: `user`, `group`, `role`, `repository`, `file`, `device` ... */
  type: text,
  id: text.optional(),
  name: text.optional(),
  email: text.optional(),
});

/** `old` and `new` are text: a vendor's number or object is written as JSON. */
export const Change = z.strictObject({
  attribute: text,
  old: z.string().max(65_536).optional(),
  new: z.string().max(65_536).optional(),
});

export const Location = z.strictObject({
  country: text.optional(),
  region: text.optional(),
  city: text.optional(),
  asn: text.optional(),
});
export const Device = z.strictObject({
  id: text.optional(),
  name: text.optional(),
  type: text.optional(),
  os: text.optional(),
});
export const Credential = z.strictObject({ id: text.optional(), name: text.optional(), type: text.optional() });
export const Mfa = z.strictObject({
  method: text.optional(),
  flagged: z.boolean().optional(),
  enrollment: text.optional(),
});

/** What a vendor's or a producer's event says, before Annals adds where it came from. */
export const EventFacts = z.strictObject({
  type: z.enum(EVENT_TYPES).nullable(),
  action: text,
  outcome: z.enum(OUTCOMES),
  actor: Actor,
  targets: z.array(Target).max(1000),
  ip: text.optional(),
  userAgent: text.optional(),
  session: text.optional(),
  location: Location.optional(),
  device: Device.optional(),
  reason: text.optional(),
  credential: Credential.optional(),
  identityProvider: text.optional(),
  mfa: Mfa.optional(),
  changes: z.array(Change).max(1000),
});

/** Things worth knowing about how an event came in. */
export const FLAGS = ['time_replaced', 'truncated', 'redacted'] as const;

const { type, ...otherFacts } = EventFacts.shape;

/** The canonical audit event: one shape for every source. Times are UTC ISO-8601 with milliseconds. */
export const CanonicalEvent = z.strictObject({
  /** A ULID: 48 bits of event time, 80 bits of SHA-256 over what identifies the event. */
  id: z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
  /** When it happened, by the vendor. */
  time: z.iso.datetime({ precision: 3 }),
  /** When Annals first had it. */
  receivedAt: z.iso.datetime({ precision: 3 }),
  tenant: z.string(),
  /** The connection's name, or the id of the API key that sent it. */
  connection: z.string(),
  source: z.string(),
  product: z.string(),
  category: z.enum(CATEGORIES).nullable(),
  type,
  ...otherFacts,
  tier: z.enum(TIERS),
  flags: z.array(z.enum(FLAGS)).optional(),
  /** The vendor's event, complete. */
  raw: z.custom<JsonObject>().optional(),
});

export type EventFacts = z.infer<typeof EventFacts>;
export type CanonicalEvent = z.infer<typeof CanonicalEvent>;
export type Actor = z.infer<typeof Actor>;
export type Target = z.infer<typeof Target>;
export type Change = z.infer<typeof Change>;
