import type { Change } from '../../event/schema.ts';
import { changeText, valueAt } from '../read.ts';
import { type Entry, saidAt } from './entry.ts';

/** Attributes of the thing done to, where `action_data` has only their new value. */
const SET: readonly (readonly [attribute: string, key: string])[] = [
  ['assignee', 'assignee_username'],
  ['exception_data', 'exception_data'],
  ['expiration', 'expiration'],
  ['scim_group_targets', 'scim_group_targets'],
];

/** What `old_value` and `new_value` are the values of, where no `setting_name` says so. */
const VALUE_OF: readonly (readonly [action: RegExp, attribute: string])[] = [
  [/renamed/i, 'name'],
  // The number of the phone that was enrolled or removed; AppOmni says `new_value` in both cases.
  [/mfa/i, 'phone_number'],
];

/** What the event changed, sorted by attribute. Values are strings as AppOmni writes them, such as `True`. */
export function changesOf(entry: Entry): Change[] {
  const { data, action } = entry;
  const attribute = saidAt(data, 'setting_name') ?? VALUE_OF.find(([pattern]) => pattern.test(action))?.[1] ?? 'value';
  return [
    change(attribute, meant(entry, 'old_value'), meant(entry, 'new_value')),
    change(saidAt(data, 'scim_attribute') ?? 'scim_attribute', undefined, meant(entry, 'scim_attribute_value')),
    ...SET.map(([name, key]) => change(name, undefined, meant(entry, key))),
  ]
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.attribute < b.attribute ? -1 : a.attribute > b.attribute ? 1 : 0));
}

function meant({ data }: Entry, key: string): string | undefined {
  const text = changeText(valueAt(data, [key]));
  return text === 'None' || text === 'null' ? undefined : text;
}

function change(attribute: string, old: string | undefined, to: string | undefined): Change | undefined {
  if (old === undefined && to === undefined) return undefined;
  return { attribute, ...(old !== undefined && { old }), ...(to !== undefined && { new: to }) };
}
