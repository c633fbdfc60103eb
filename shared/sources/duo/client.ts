import type { EventFacts } from '../../event/schema.ts';
import { addressOf } from '../address.ts';
import { textAt, valueAt } from '../read.ts';

/** Where something was done from, as far as a Duo event tells. */
export type Client = Pick<EventFacts, 'ip' | 'userAgent' | 'location' | 'device'>;

/** What Duo writes in the place of a value that it does not know. */
const NOTHING = new Set(['-', 'unknown']);

/** The text at a path, undefined where Duo writes a placeholder. */
export function knownText(value: unknown, path: string): string | undefined {
  const text = textAt(value, path);
  return text === undefined || NOTHING.has(text.toLowerCase()) ? undefined : text;
}

/** Maps an `access_device`; its `ip` is a text in one log and `{ address }` in the other. */
export function clientOf(accessDevice: unknown): Client {
  return {
    ip: addressOf(valueAt(accessDevice, 'ip.address') ?? valueAt(accessDevice, 'ip')),
    userAgent: nameAndVersion(accessDevice, 'browser', '/'),
    location: locationOf(valueAt(accessDevice, 'location')),
    device: present({
      id: knownText(accessDevice, 'epkey'),
      name: knownText(accessDevice, 'hostname'),
      os: nameAndVersion(accessDevice, 'os', ' '),
    }),
  };
}

/** A country, state and city. */
export function locationOf(location: unknown): Client['location'] {
  return present({
    country: knownText(location, 'country'),
    region: knownText(location, 'state'),
    city: knownText(location, 'city'),
  });
}

/** `browser` and `browser_version`, or `os` and `os_version`, as one text. */
export function nameAndVersion(value: unknown, key: string, between: string): string | undefined {
  const name = knownText(value, key);
  const version = knownText(value, `${key}_version`);
  return name === undefined || version === undefined ? name : `${name}${between}${version}`;
}

/** The object, unless none of its values is there. */
export function present<T extends object>(object: T): T | undefined {
  return Object.values(object).some((value) => value !== undefined) ? object : undefined;
}
