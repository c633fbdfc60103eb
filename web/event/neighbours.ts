import type { CanonicalEvent } from '../api/types.ts';
import { entityKey } from '../entity/route.ts';
import { HOUR_MS, type Range } from '../feed/range.ts';
import type { Filters } from '../feed/route.ts';
import { actorName, shortName } from './naming.ts';
import { firstBut, SURROUNDINGS } from './targets.ts';

/** Events that have something in common with one. */
export interface Neighbours {
  readonly name: 'session' | 'actor' | 'target';
  readonly label: string;
  readonly filter: Partial<Filters>;
}

/** What an event has in common with others around its time: its session, its actor, its main target. */
export function neighboursOf(event: CanonicalEvent): Neighbours[] {
  const { session, actor, targets } = event;
  const who = entityKey(actor);
  const target = firstBut(targets, SURROUNDINGS) ?? targets[0];
  const what = target ? entityKey(target) : null;
  return [
    ...(session === undefined ? [] : [{ name: 'session' as const, label: 'Session', filter: { session: [session] } }]),
    ...(who === null ? [] : [{ name: 'actor' as const, label: actorName(actor), filter: { entity: who } }]),
    ...(what === null || what === who || !target
      ? []
      : [{ name: 'target' as const, label: shortName(target) ?? target.type, filter: { entity: what } }]),
  ];
}

/** An hour to either side. */
export function around(time: string): Required<Range> {
  const at = Date.parse(time);
  return { from: new Date(at - HOUR_MS).toISOString(), to: new Date(at + HOUR_MS).toISOString() };
}
