import { createPublicKey, type KeyObject } from 'node:crypto';
import { InvalidRequestError } from '../../errors.ts';
import { fingerprintOf, KEY_PREFIX, PublicKeyRecord } from '../digest.ts';
import { Found } from './findings.ts';

const FINGERPRINT = /^[0-9a-f]{64}$/;

/** A public key that whoever verifies knows from somewhere else than the archive. */
export interface PinnedKey {
  readonly fingerprint: string;
  /** Absent where only the fingerprint is known: the key itself is then read from the archive, and must have it. */
  readonly key?: KeyObject;
}

/** Public keys as the archive has them, and which of them are trusted. */
export interface Keys {
  readonly records: ReadonlyMap<string, { readonly record: PublicKeyRecord; readonly key: KeyObject }>;
  /** Empty: none was given, and every key of the archive is taken for what it says it is. */
  readonly pinned: readonly PinnedKey[];
}

/**
 * A pinned key out of what a person gives: a public key in PEM, or the fingerprint of one.
 *
 * @throws InvalidRequestError when it is neither, or no RSA key.
 */
export function pinnedKey(text: string): PinnedKey {
  const fingerprint = text.trim().toLowerCase().replaceAll(':', '');
  if (FINGERPRINT.test(fingerprint)) return { fingerprint };
  if (!text.includes('-----BEGIN')) throw new InvalidRequestError('a key is a fingerprint of 64 hex digits, or PEM');
  // A private key would give its public one, and has no business here.
  if (text.includes('PRIVATE KEY')) throw new InvalidRequestError('give the public key, never the private one');
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch (cause) {
    throw new InvalidRequestError('the key can not be read: it must be a public key in PEM', [], { cause });
  }
  if (key.asymmetricKeyType !== 'rsa') throw new InvalidRequestError('the key must be an RSA key');
  return { fingerprint: fingerprintOfKey(key), key };
}

/**
 * The record of a public key, as `keys/<fingerprint>.json` holds it.
 *
 * @throws Found when it is not what its name says.
 */
export function readKeyRecord(objectKey: string, bytes: Buffer): { record: PublicKeyRecord; key: KeyObject } {
  try {
    const record = PublicKeyRecord.parse(JSON.parse(bytes.toString('utf8')));
    const key = createPublicKey(record.pem);
    if (fingerprintOfKey(key) === record.fingerprint && objectKey === `${KEY_PREFIX}${record.fingerprint}.json`)
      return { record, key };
  } catch {
    // Whatever is the matter, it is no record of a key.
  }
  throw new Found(
    'bad_key_record',
    objectKey,
    `${objectKey} is not the record of the public key that it is named after`,
  );
}

/**
 * The key that verifies the digest of a day.
 *
 * @throws Found when the digest names a key that is not trusted, not known, or was not in use on that day.
 */
export function keyFor({ records, pinned }: Keys, fingerprint: string, day: string, objectKey: string): KeyObject {
  const pin = pinned.find((one) => one.fingerprint === fingerprint);
  if (pinned.length > 0 && pin === undefined)
    throw new Found(
      'other_key',
      objectKey,
      `${objectKey} is signed with another key, ${short(fingerprint)}, than the one given`,
    );
  const held = records.get(fingerprint);
  const key = pin?.key ?? held?.key;
  if (key === undefined || held === undefined)
    throw new Found(
      'bad_key_record',
      `${KEY_PREFIX}${fingerprint}.json`,
      `the public key ${short(fingerprint)} of ${objectKey} is missing in the archive`,
    );
  const { from, to } = held.record;
  // A record is written once, so it can't say when its key was followed by another: that one's beginning does.
  const follower = [...records.values()].find(({ record }) => record.from > from && record.from <= day);
  if (day < from || (to !== null && day > to))
    throw new Found(
      'key_not_valid',
      objectKey,
      `${objectKey} is signed with key ${short(fingerprint)}, which is valid from ${from} to ${to ?? 'now'}`,
    );
  if (follower !== undefined)
    throw new Found(
      'key_not_valid',
      objectKey,
      `${objectKey} is signed with key ${short(fingerprint)}, in whose place ${short(follower.record.fingerprint)} had come on ${follower.record.from}`,
    );
  return key;
}

/** A fingerprint or hash as a sentence shows it. */
export function short(hex: string): string {
  return hex.slice(0, 16);
}

function fingerprintOfKey(key: KeyObject): string {
  return fingerprintOf(key.export({ type: 'spki', format: 'der' }));
}
