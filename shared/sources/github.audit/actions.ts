import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { entryOf } from '../read.ts';
import type { ActionTable } from '../source.ts';
import { APPS } from './actions-apps.ts';
import { PEOPLE } from './actions-people.ts';
import { RESOURCES } from './actions-resources.ts';
import { SETTINGS } from './actions-settings.ts';
import { guessType } from './guess.ts';

/**
 * The EMM type of each act that GitHub documents
 * (https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise).
 * What depends on more than the name is refined in refine.ts.
 */
export const ACTIONS: ActionTable = Object.fromEntries(
  [...PEOPLE, ...SETTINGS, ...APPS, ...RESOURCES].flatMap((topic) =>
    Object.entries(topic).flatMap(([prefix, names]) =>
      Object.entries(names).flatMap(([type, list]) =>
        list
          .trim()
          .split(/\s+/)
          .map((verb) => [`${prefix}.${verb}`, type === 'unmapped' ? null : (type as EventType)] as const),
      ),
    ),
  ),
);

/** The EMM types that events of this source can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) => Object.values(ACTIONS).includes(type));

/** What rows without a name of the usual form did, by GitHub's coarse `operation_type`. */
const OPERATIONS: Readonly<Record<string, EventType>> = {
  create: 'create_resource',
  modify: 'update_resource',
  transfer: 'update_resource',
  restore: 'update_resource',
  remove: 'delete_resource',
  access: 'read_resource',
  authentication: 'account_login',
};

/** The EMM type of an act by its name; one that is in no table is judged by its words, a name without a dot by `operation`. */
export function typeOfAction(action: string, operation: string | undefined): EventType | null {
  const known = entryOf(ACTIONS, action);
  if (known !== undefined) return known;
  return action.includes('.') ? guessType(action) : (entryOf(OPERATIONS, operation) ?? null);
}
