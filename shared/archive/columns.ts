/** A column of the Glue tables: `type` in Hive's spelling. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/**
 * The columns of landing and archive, in order. Objects of the canonical event are flattened (`actor.id` is `actor_id`);
 * lists stay lists. Adding one at the end is safe; renaming or removing one orphans what is stored.
 */
export const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'string', comment: 'ULID of the event' },
  { name: 'time', type: 'timestamp', comment: 'when it happened, UTC' },
  { name: 'received_at', type: 'timestamp', comment: 'when Annals first had it, UTC' },
  { name: 'tenant', type: 'string', comment: 'whose event it is' },
  { name: 'connection', type: 'string', comment: 'connection name, or id of the API key that sent it' },
  { name: 'source', type: 'string', comment: 'for example github.audit' },
  { name: 'product', type: 'string', comment: 'for example github' },
  { name: 'category', type: 'string', comment: 'EMM category' },
  { name: 'type', type: 'string', comment: 'EMM event type' },
  { name: 'action', type: 'string', comment: "the vendor's own action name" },
  { name: 'outcome', type: 'string', comment: 'success, failure or unknown' },
  { name: 'actor_id', type: 'string', comment: 'actor id at the vendor' },
  { name: 'actor_name', type: 'string', comment: 'actor name' },
  { name: 'actor_email', type: 'string', comment: 'actor e-mail address' },
  { name: 'actor_type', type: 'string', comment: 'user, service, system, anonymous or unknown' },
  { name: 'actor_role', type: 'string', comment: 'actor role' },
  {
    name: 'targets',
    type: 'array<struct<type:string,id:string,name:string,email:string>>',
    comment: 'what it was done to',
  },
  { name: 'entities', type: 'array<string>', comment: 'every id, name and e-mail of actor and targets, lower case' },
  { name: 'ip', type: 'string', comment: 'address it came from' },
  { name: 'user_agent', type: 'string', comment: 'user agent' },
  { name: 'session', type: 'string', comment: 'session id' },
  { name: 'location_country', type: 'string', comment: 'country' },
  { name: 'location_region', type: 'string', comment: 'region' },
  { name: 'location_city', type: 'string', comment: 'city' },
  { name: 'location_asn', type: 'string', comment: 'autonomous system' },
  { name: 'device_id', type: 'string', comment: 'device id' },
  { name: 'device_name', type: 'string', comment: 'device name' },
  { name: 'device_type', type: 'string', comment: 'device type' },
  { name: 'device_os', type: 'string', comment: 'operating system' },
  { name: 'reason', type: 'string', comment: 'why it failed or was done' },
  { name: 'credential_id', type: 'string', comment: 'credential id' },
  { name: 'credential_name', type: 'string', comment: 'credential name' },
  { name: 'credential_type', type: 'string', comment: 'credential type' },
  { name: 'identity_provider', type: 'string', comment: 'identity provider' },
  { name: 'mfa_method', type: 'string', comment: 'verification method' },
  { name: 'mfa_flagged', type: 'boolean', comment: 'verification was flagged' },
  { name: 'mfa_enrollment', type: 'string', comment: 'enrolled factor' },
  { name: 'changes', type: 'array<struct<attribute:string,old:string,new:string>>', comment: 'what changed' },
  { name: 'attributes', type: 'array<string>', comment: 'names of what changed, lower case' },
  { name: 'tier', type: 'string', comment: 'retention tier in the hot store' },
  { name: 'flags', type: 'array<string>', comment: 'time_replaced, truncated, redacted' },
  { name: 'raw', type: 'string', comment: "the vendor's event as JSON; null where it is too large and kept aside" },
  {
    name: 'raw_sha256',
    type: 'string',
    comment: 'SHA-256, in hexadecimal, of a raw event that is kept aside; null otherwise',
  },
  { name: 'raw_size', type: 'bigint', comment: 'bytes of the raw event' },
];

/** The partition column of landing: the day, UTC, on which Firehose received the row. */
export const LANDING_PARTITION = 'ingest_date';
export const LANDING_PREFIX = 'landing/';
/** The partition column of the archive: the day, UTC, of the event's time, as `eventDate` has it. */
export const SEALED_PARTITION = 'event_date';
/** Where a raw event too large for the table lies in the archive bucket, by the SHA-256 of its bytes. */
export const LARGE_RAW_PREFIX = 'raw/';
