import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { entryOf } from '../read.ts';
import type { ActionTable } from '../source.ts';
import { ADMIN } from './actions-admin.ts';
import { APPLICATIONS } from './actions-applications.ts';
import { guessType } from './guess.ts';
import type { Names } from './names.ts';

/**
 * The EMM type of each event, under `application.NAME` as Google spells both (`admin.CREATE_USER`, `drive.view`): one
 * name means different things in different applications. The action of an event is its name alone.
 */
export const ACTIONS: ActionTable = Object.fromEntries(
  Object.entries({ admin: ADMIN, ...APPLICATIONS }).flatMap(([application, topics]) =>
    topics.flatMap((names) => entriesOf(names).map(([name, type]) => [`${application}.${name}`, type] as const)),
  ),
);

/** The EMM types that events of this source can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) => type === 'remove_permission' || Object.values(ACTIONS).includes(type),
);

/** Names that Google gave to `admin` events instead of the older `TOGGLE_…` and `CHANGE_…` ones. */
const RENAMED = /^ADMIN_EVENTS_(.+)_PREFERENCE$/;

/**
 * The EMM type of an event by its application and name, under the name before or after Google's renaming; what is in no
 * table is guessed, also by the event's `type` (`USER_SETTINGS` …).
 */
export function typeOfAction(application: string, name: string, category: string | undefined): EventType | null {
  const older = RENAMED.exec(name)?.[1];
  for (const known of older === undefined ? [name] : [name, older]) {
    const type = entryOf(ACTIONS, `${application}.${known}`);
    if (type !== undefined) return type;
  }
  return guessType(`${application}.${older ?? name}`, category);
}

function entriesOf(names: Names): (readonly [string, EventType | null])[] {
  return Object.entries(names).flatMap(([type, list]) =>
    list
      .trim()
      .split(/\s+/)
      .map((name) => [name, type === 'unmapped' ? null : (type as EventType)] as const),
  );
}
