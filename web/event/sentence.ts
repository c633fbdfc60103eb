import type { CanonicalEvent } from '../api/types.ts';
import { actor, isPlain, type Part } from './phrases.ts';
import { predicateOf } from './predicates.ts';
import { actionParts, type Verb } from './verbs.ts';

export type { Part } from './phrases.ts';

/** What was done, and to what; `outcome` is put around it. */
export interface Predicate {
  readonly verb: Verb;
  readonly rest: readonly Part[];
}

/**
 * An event as a sentence that a person reads: "Jane Roe added octo-bot to group Admins". Where from and when are not in it.
 * Never empty, for any event.
 */
export function sentence(event: CanonicalEvent): Part[] {
  const { verb, rest } = predicateOf(event);
  const { outcome, reason } = event;
  const who = actor(event);
  if (outcome === 'success') return [who, ` ${verb.did}`, ...rest];
  if (outcome === 'unknown') return [who, ` ${verb.did}`, ...rest, ', outcome unknown'];
  const why = reason !== undefined && reason.trim() !== '' && isPlain(reason) ? `: ${reason}` : '';
  return [who, ` tried to ${verb.toDo}`, ...rest, ` and failed${why}`];
}

/** The sentence as plain text. */
export function sentenceText(event: CanonicalEvent): string {
  return sentence(event)
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('');
}

/** An action's name in words: `org.disable_two_factor_requirement` as "org disable two factor requirement". */
export function actionWords(action: string): string {
  return actionParts(action).join(' ') || action.trim() || 'something';
}
