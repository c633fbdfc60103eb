import type { Change } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { changeText, firstText, objectAt } from '../read.ts';
import { nounOf } from './noun.ts';

/** The details that say what something was set to; Fleet never gives the value before. Deletions say what was lost. */
const STATED = [
  'auto_update_enabled',
  'auto_update_window_end',
  'auto_update_window_start',
  'configuration',
  'deadline',
  'deadline_days',
  'grace_period_days',
  'host_idp_username',
  'labels_exclude_any',
  'labels_include_all',
  'labels_include_any',
  'minimum_version',
  'not_before',
  'role',
  'self_service',
  'software_display_name',
  'webhook_url',
] as const;

/** Null here means that the requirement was removed, and is not the absence of a change. */
const NULL_REMOVES: ReadonlySet<string> = new Set(['deadline_days', 'grace_period_days']);

const DONE_NOT_SET = /^(installed|uninstalled|canceled)_/;

/** What the activity changed, by attribute and in the attributes' order. */
export function changesOf(raw: JsonObject, action: string): Change[] {
  const details = objectAt(raw, 'details') ?? {};
  return [...toggled(details, action), ...transferred(details, action), ...stated(details, action)].sort((a, b) =>
    a.attribute === b.attribute ? 0 : a.attribute < b.attribute ? -1 : 1,
  );
}

function stated(details: JsonObject, action: string): Change[] {
  // There `self_service` says who started it.
  if (DONE_NOT_SET.test(action)) return [];
  const side = action.startsWith('deleted_') ? 'old' : 'new';
  return STATED.flatMap((attribute) => {
    const value = Object.hasOwn(details, attribute) ? details[attribute] : undefined;
    if (value === null && NULL_REMOVES.has(attribute)) return [{ attribute }];
    const text = changeText(value);
    return text === undefined ? [] : [{ attribute, [side]: text }];
  });
}

function toggled(details: JsonObject, action: string): Change[] {
  const [state] = /^(enabled|disabled)(?=_)/.exec(action) ?? [];
  if (state === undefined) return [];
  const part = firstText(details, ['exception', 'dataset']);
  return [{ attribute: part === undefined ? nounOf(action) : `${nounOf(action)}.${part}`, new: state }];
}

function transferred(details: JsonObject, action: string): Change[] {
  if (action !== 'transferred_hosts') return [];
  return [{ attribute: 'team', new: firstText(details, ['team_name', 'fleet_name', 'team_id', 'fleet_id']) }];
}
