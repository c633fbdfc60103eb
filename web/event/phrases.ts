import type { CanonicalEvent, Change, Target } from '../api/types.ts';
import { actorName, isSame, kindWords, shortName } from './naming.ts';
import { PEOPLE } from './targets.ts';

/** A piece of a sentence: plain text, or the name of an actor or target. */
export type Part = string | { readonly entity: CanonicalEvent['actor'] | Target; readonly text: string };

/** What is told of somebody: "themselves" when they did it to themselves. */
export function person(target: Target, { actor }: CanonicalEvent): Part {
  return isSame(actor, target) ? 'themselves' : thing(target)[0];
}

/** "file Q3 forecast.xlsx", "Jane Roe": what kind it is goes before the name, but for people. */
export function thing(target: Target): [Part, ...Part[]] {
  const name = shortName(target);
  const kind = kindWords(target.type);
  if (name === null) return [`${article(kind)} ${kind}`];
  const link = { entity: target, text: name };
  return PEOPLE.includes(target.type.toLowerCase()) ? [link] : [`${kind} `, link];
}

export function actor({ actor: who }: CanonicalEvent): Part {
  return { entity: who, text: actorName(who) };
}

export function article(noun: string): string {
  return /^[aeiou]/i.test(noun) ? 'an' : 'a';
}

const LONGEST_VALUE = 60;

/** True when a value reads well in a sentence: short, and no JSON. */
export function isPlain(value: string): boolean {
  return value.length <= LONGEST_VALUE && !/^[[{]/.test(value);
}

/** " from A to B", " to B", " (was A)", or nothing when the values don't read well. */
export function fromTo({ old, new: now }: Change): string {
  if ((old !== undefined && !isPlain(old)) || (now !== undefined && !isPlain(now))) return '';
  if (old !== undefined && now !== undefined) return ` from ${valueWords(old)} to ${valueWords(now)}`;
  if (now !== undefined) return ` to ${valueWords(now)}`;
  return old === undefined ? '' : ` (was ${valueWords(old)})`;
}

function valueWords(value: string): string {
  return value.trim() === '' ? 'nothing' : value;
}

/** `repo_permission` as "repo permission"; names with capitals or dots are left as their vendor writes them. */
export function attributeWords({ attribute }: Change): string {
  return /^[a-z0-9_]+$/.test(attribute) ? attribute.replaceAll('_', ' ').trim() || attribute : attribute;
}

/** "name", "name and role", "name and 3 others" */
export function attributesWords(changes: readonly Change[]): string {
  const [first, second] = changes;
  if (!first) return '';
  if (!second) return attributeWords(first);
  if (changes.length === 2) return `${attributeWords(first)} and ${attributeWords(second)}`;
  return `${attributeWords(first)} and ${changes.length - 1} others`;
}
