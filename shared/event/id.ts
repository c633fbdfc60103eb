import { createHash } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** What an event is, apart from when: equal identities are the same event. 16 characters of Crockford's base 32. */
export type Identity = string;

/** What an identity is made of. Tenant, source and origin keep different accounts' events apart. */
export interface IdentityParts {
  readonly tenant: string;
  readonly source: string;
  readonly origin: string;
  /** The vendor's own event id; where it gives none, the canonical raw event and its ordinal among identical ones. */
  readonly key: string;
}

/** 80 bits of SHA-256 over the parts, unambiguously framed. */
export function identityOf({ tenant, source, origin, key }: IdentityParts): Identity {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenant, source, origin, key]))
    .digest();
  return encode(digest.readUIntBE(0, 5), 8) + encode(digest.readUIntBE(5, 5), 8);
}

/**
 * The event's id, a ULID (https://github.com/ulid/spec) whose random part is the identity: sorts by time, repeats exactly.
 *
 * @param time UTC ISO-8601, from 1970 on.
 */
export function eventId(time: string, identity: Identity): string {
  return encode(Date.parse(time), TIME_CHARACTERS) + identity;
}

export function isEventId(text: string): boolean {
  return ID.test(text);
}

/** The time that an event id carries, UTC ISO-8601 with milliseconds. */
export function timeOfId(id: string): string {
  let milliseconds = 0;
  for (const character of id.slice(0, TIME_CHARACTERS)) milliseconds = milliseconds * 32 + CROCKFORD.indexOf(character);
  return new Date(milliseconds).toISOString();
}

export function identityOfId(id: string): Identity {
  return id.slice(TIME_CHARACTERS);
}

/** The lowest id that an event of this time can have: a bound for ranges of ids. */
export function lowestId(time: string): string {
  return eventId(time, '0'.repeat(16));
}

function encode(value: number, characters: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < characters; i += 1) {
    text = CROCKFORD.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
