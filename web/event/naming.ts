import type { Actor, Target } from '../api/types.ts';

type Named = Pick<Actor & Target, 'id' | 'name' | 'email'>;

/** What people call an actor or target, short enough for a sentence; null when it has no name at all. */
export function shortName({ name, email, id }: Named): string | null {
  const called = [name, email, id].find((one) => one !== undefined && one.trim() !== '');
  return called === undefined ? null : lastOfUrl(called);
}

/** A file is best known by the end of its address. */
function lastOfUrl(text: string): string {
  if (!/^https?:\/\//.test(text)) return text;
  const parts = text.split(/[/\\]+/).filter((part) => part.trim() !== '');
  return parts.length > 2 ? (parts.at(-1) ?? text) : text;
}

const ACTOR_WORDS: Readonly<Record<Actor['type'], string>> = {
  user: 'A user',
  service: 'A service',
  system: 'The system',
  anonymous: 'Someone anonymous',
  unknown: 'Someone',
};

export function actorName(actor: Actor): string {
  return shortName(actor) ?? ACTOR_WORDS[actor.type];
}

/** True when they share a name of any sort. */
export function isSame(a: Named, b: Named): boolean {
  const names = namesOf(a);
  return namesOf(b).some((name) => names.includes(name));
}

function namesOf({ id, name, email }: Named): string[] {
  return [id, name, email].flatMap((one) => (one === undefined ? [] : [one.toLowerCase()]));
}

/** `branch_protection_rule` as "branch protection rule". */
export function kindWords(type: string): string {
  return type.replace(/[_-]+/g, ' ').trim() || 'thing';
}
