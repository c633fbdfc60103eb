import type { Actor } from '../../event/schema.ts';

/** Duo's own names for what acts without a person: `API`, `API (name of the application)`, `System`, `AD Sync: name`. */
const NOT_PEOPLE: readonly (readonly [RegExp, Actor['type']])[] = [
  [/^system$/i, 'system'],
  [/^api( \(.*\))?$/is, 'service'],
  [/^[\w ]+ sync: /i, 'service'],
];

/** What acts, where its name tells that it is no person; undefined for anybody else. */
export function typeOfName(name: string | undefined): Actor['type'] | undefined {
  return name === undefined ? undefined : NOT_PEOPLE.find(([pattern]) => pattern.test(name))?.[1];
}
