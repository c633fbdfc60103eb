import type { Actor, CanonicalEvent, Target } from '../api/types.ts';

export interface EntityNames {
  /** What it is called most often. */
  readonly title: string;
  readonly kinds: readonly string[];
  readonly names: readonly string[];
  readonly emails: readonly string[];
  readonly ids: readonly string[];
  readonly roles: readonly string[];
}

/** What events call the entity with this key, `kind:value` or a value alone: everything it is named together with that value. */
export function namesOf(key: string, events: readonly CanonicalEvent[]): EntityNames {
  const whole = key.toLowerCase();
  const value = whole.replace(/^[a-z][a-z0-9_-]*:(?=.)/, '');
  const isIt = ({ id, name, email }: Actor | Target) =>
    [id, name, email].some((one) => one !== undefined && [whole, value].includes(one.toLowerCase()));
  const all = events.flatMap(({ actor, targets }) => [actor, ...targets]).filter(isIt);
  const distinct = (texts: readonly (string | undefined)[]) => byFrequency(texts.flatMap((text) => text ?? []));
  const names = distinct(all.map(({ name }) => name));
  const emails = distinct(all.map(({ email }) => email));
  return {
    title: names[0] ?? emails[0] ?? key.replace(/^[a-z][a-z0-9_-]*:(?=.)/, ''),
    kinds: distinct(all.map(({ type }) => type)),
    names,
    emails,
    ids: distinct(all.map(({ id }) => id)),
    roles: distinct(events.flatMap(({ actor }) => (isIt(actor) ? actor.role : undefined))),
  };
}

function byFrequency(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
}
