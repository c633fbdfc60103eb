import type { Target } from '../api/types.ts';
import { type Part, thing } from './phrases.ts';
import { CONTAINERS, containerOf, PEOPLE } from './targets.ts';
import { actionParts } from './verbs.ts';

/** Things that actions name and targets often don't: only where they are is told then. */
const HINTS: Readonly<Record<string, string>> = {
  message: 'a message',
  messages: 'messages',
  send: 'a message',
  mail: 'mail',
  item: 'an item',
  items: 'items',
  token: 'a token',
  tokens: 'tokens',
  channel: 'a channel',
  comment: 'a comment',
};

/**
 * "a message in channel Storms", where the targets name the channel alone: without it the channel itself would seem to have
 * been deleted. Undefined when the targets name the thing itself.
 */
export function hintedObject(
  action: string,
  object: Target | undefined,
  targets: readonly Target[],
): readonly Part[] | undefined {
  if (!object) return undefined;
  const type = object.type.toLowerCase();
  const isPerson = PEOPLE.includes(type);
  if (!isPerson && !CONTAINERS.includes(type)) return undefined;
  const said = actionParts(action);
  const hint = said.findLast((word) => HINTS[word] !== undefined);
  if (hint === undefined || hint === type || targets.some((target) => target.type.toLowerCase() === hint))
    return undefined;
  const what = HINTS[hint] ?? '';
  return isPerson ? [`${what} of `, ...thing(object)] : [what, ...inside(containerOf(undefined, targets) ?? object)];
}

/** " in folder Masts", " on device inverter-1" */
export function inside(container: Target): readonly Part[] {
  return [container.type.toLowerCase() === 'device' ? ' on ' : ' in ', ...thing(container)];
}
