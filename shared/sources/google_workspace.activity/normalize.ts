import type { EventFacts } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { arrayAt, changeText, entryOf, fitFacts, objectAt, objectsAt, textAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { typeOfAction } from './actions.ts';
import { changesOf } from './changes.ts';
import { actorOf, contextOf } from './context.ts';
import { outcomeOf, reasonOf } from './outcome.ts';
import { parametersOf } from './parameters.ts';
import { refineType } from './refine.ts';
import { targetsOf } from './targets.ts';

/**
 * Maps one activity of `activities.list`: one event for each of its `events`, twins counted once. Each has the whole
 * activity as its `raw`, and a `vendorId` of the activity's id, its own name, and its ordinal among events of that name.
 */
export function normalize(activity: JsonObject): MappedEvent[] {
  const time = textAt(activity, 'id.time');
  const activityId = idOf(activity);
  const ordinals = new Map<string, number>();
  return withoutTwins(eventsOf(activity)).map((event) => {
    const facts = factsOf(activity, event);
    const ordinal = ordinals.get(facts.action) ?? 0;
    ordinals.set(facts.action, ordinal + 1);
    // Whether the order of `events` is the same in every answer is not documented; names at least stay.
    const vendorId = activityId === undefined ? undefined : `${activityId}/${facts.action}#${ordinal}`;
    return { facts, time, vendorId, raw: activity };
  });
}

/** `uniqueQualifier` alone is unique only within one application, customer and time. */
function idOf(activity: JsonObject): string | undefined {
  const [application, customer, time, qualifier] = ['applicationName', 'customerId', 'time', 'uniqueQualifier'].map(
    (key) => textAt(activity, ['id', key]),
  );
  if (time === undefined || qualifier === undefined) return undefined;
  return [application ?? '', customer ?? '', time, qualifier].join('/');
}

/** The events of an activity, or a single one where it was split up already; one that is empty when none can be read. */
function eventsOf(activity: JsonObject): readonly JsonObject[] {
  const events = objectsAt(activity, 'events');
  if (events.length > 0) return events;
  return [objectAt(activity, 'events') ?? objectAt(activity, 'event') ?? {}];
}

/** A change of a member in `groups_enterprise` comes under an old and a new name, with the same parameters. */
const TWINS: Readonly<Record<string, string>> = { add_user: 'add_member', remove_user: 'remove_member' };

function withoutTwins(events: readonly JsonObject[]): readonly JsonObject[] {
  if (events.length < 2) return events;
  const keyed = events.map((event) => ({
    event,
    name: textAt(event, 'name'),
    parameters: arrayAt(event, 'parameters').map(changeText).sort().join('\n'),
  }));
  return keyed
    .filter(({ name, parameters }) => {
      const twin = entryOf(TWINS, name);
      return twin === undefined || !keyed.some((other) => other.name === twin && other.parameters === parameters);
    })
    .map(({ event }) => event);
}

function factsOf(activity: JsonObject, event: JsonObject): EventFacts {
  const application = textAt(activity, 'id.applicationName')?.toLowerCase() ?? '';
  const action = textAt(event, 'name') ?? 'unknown';
  const given = parametersOf(event);
  const known = typeOfAction(application, action, textAt(event, 'type'));
  const type = refineType(application, action, known, given);
  const outcome = outcomeOf(event, action, given);
  return fitFacts({
    type,
    action,
    outcome,
    actor: actorOf(activity),
    targets: targetsOf(activity, event, application, given),
    ...contextOf(activity, application, action, type, given),
    reason: reasonOf(event, outcome, given),
    changes: changesOf(application, action, type, given),
  });
}
