import type { Actor, CanonicalEvent, Target } from './schema.ts';

/** The names under which an actor or target can be looked up, in lower case, each once. */
export function identifiers({ id, name, email }: Pick<Actor & Target, 'id' | 'name' | 'email'>): string[] {
  return [...new Set([id, name, email].flatMap((value) => (value === undefined ? [] : [value.toLowerCase()])))];
}

/** Every identifier of an event's actor and targets, each once. */
export function entitiesOf({ actor, targets }: Pick<CanonicalEvent, 'actor' | 'targets'>): string[] {
  return [...new Set([actor, ...targets].flatMap(identifiers))];
}
