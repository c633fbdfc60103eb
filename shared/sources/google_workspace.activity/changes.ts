import type { Change } from '../../event/schema.ts';
import { isJsonObject, type Json } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { changeText } from '../read.ts';
import { timeOfSeconds } from '../time.ts';
import { deedOf, wordsOf } from '../verbs.ts';
import type { Parameter, Parameters } from './parameters.ts';
import { textOf } from './parameters.ts';

type Side = 'old' | 'new';

/** Words in the names of parameters that hold a value before or after the change, the likelier pair first. */
const PAIRS: readonly Readonly<Record<string, Side>>[] = [
  { old: 'old', new: 'new' },
  { previous: 'old', prior: 'old', removed: 'old', current: 'new', added: 'new' },
];

/** Parameters that say what a setting's value belongs to. */
const SETTINGS = [
  'setting_name',
  'user_custom_field',
  'field_name',
  'permission_group_name',
  'acl_permission',
  'info_setting',
  'security_setting',
  'device_property',
  'device_setting',
  'os_property',
];

/** Parameters that hold what was set, added or removed, without the value before. */
const STATED = new Set([
  'access_level',
  'account_state',
  'allowed_two_step_verification_method',
  'api_scopes',
  'application_enabled',
  'application_state',
  'calendar_country',
  'calendar_description',
  'calendar_location',
  'calendar_timezone',
  'calendar_title',
  'device_compliance',
  'device_compromised_state',
  'device_ownership',
  'email_forwarding_destination_address',
  'end_time',
  'event_response_status',
  'member_role',
  'membership_change_type',
  'membership_expiry',
  'mode',
  'scope',
  'security_setting_state',
  'setting_category',
  'start_time',
  'target_user_role',
  'user_nickname',
  'whitelisted_groups',
]);

/** Deeper than Google nests messages; what lies deeper is given as JSON. */
const DEEPEST = 10;

/** Beyond what Google's longest names have. */
const LONGEST_ACTION = 200;

const CALENDAR_TIMES = new Set(['start_time', 'end_time']);
// Calendar counts seconds from 0001-01-01 (parameters start_time and end_time of its audit events).
const YEAR_1_SECONDS = -62_135_596_800;

/**
 * What the event changed, by attribute: pairs of parameters such as `OLD_VALUE` and `NEW_VALUE`, `X_OLD` and `X_NEW`,
 * also inside messages, and what its parameters say was set. `value` is named by the setting it belongs to, else by
 * the action.
 */
export function changesOf(application: string, action: string, type: EventType | null, given: Parameters): Change[] {
  const found = new Map<string, { old?: string; new?: string }>();
  const put = (attribute: string, side: Side, value: Json) => {
    const text = changeText(plain(application, attribute, value));
    const change = found.get(attribute) ?? {};
    found.set(attribute, change);
    if (text !== undefined && change[side] === undefined) change[side] = text;
  };

  const subject = textOf(given, ...SETTINGS) ?? subjectOf(action);
  const flat = [...given.values()].flatMap((parameter) => flatten(parameter, []));
  for (const pair of PAIRS) {
    for (const { name, value } of flat) {
      const sided = sideOf(name, pair);
      if (sided !== undefined) put(sided.stem === 'value' ? subject : sided.stem, sided.side, value);
    }
  }
  // `old_visibility` and `PRIOR_VISIBILITY` are accompanied by the plain name.
  for (const [attribute, change] of found) {
    const now = given.get(attribute);
    if (change.new === undefined && now !== undefined) put(attribute, 'new', now.value);
  }
  const side: Side = type?.startsWith('delete_') || type?.startsWith('remove_') ? 'old' : 'new';
  for (const { name, value } of flat) {
    const attribute = name === 'value' && subject !== undefined ? subject : name;
    if (found.get(attribute) === undefined && (name === 'value' || isStated(name))) put(attribute, side, value);
  }
  return [...found]
    .map(([attribute, change]) => ({ attribute, ...change }))
    .filter((change) => change.old !== change.new);
}

function isStated(name: string): boolean {
  const isMetadata = name.startsWith('setting_metadata.') && PAIRS.every((pair) => sideOf(name, pair) === undefined);
  return isMetadata || STATED.has(name);
}

/** A parameter, or the parameters of a message in it, with their paths in lower case. */
function flatten({ name, value }: Parameter, outer: readonly string[]): Parameter[] {
  const path = [...outer, name.toLowerCase()];
  if (!isJsonObject(value) || path.length > DEEPEST) return [{ name: path.join('.'), value }];
  return Object.entries(value).flatMap(([key, inner]) => flatten({ name: key, value: inner }, path));
}

/** `DEVICE_PREVIOUS_STATE` is the old side of `device_state`. */
function sideOf(path: string, pair: Readonly<Record<string, Side>>): { stem: string; side: Side } | undefined {
  const at = path.lastIndexOf('.') + 1;
  const words = path.slice(at).split('_');
  const index = words.findIndex((word) => Object.hasOwn(pair, word));
  const side = pair[words[index] ?? ''];
  const stem = words.toSpliced(index, 1).join('_');
  return side === undefined || stem === '' ? undefined : { stem: path.slice(0, at) + stem, side };
}

/** `CHANGE_FIRST_NAME` is about `first_name`. */
function subjectOf(action: string): string {
  const words = wordsOf(action.slice(0, LONGEST_ACTION));
  const [verb, ...rest] = words;
  const isVerb = rest.length > 0 && verb !== undefined && deedOf(verb) === 'update';
  return (isVerb ? rest : words).join('_') || 'value';
}

/** A list of one as its only item, and Calendar's times as such. */
function plain(application: string, attribute: string, value: Json): Json | undefined {
  const [only, ...others] = Array.isArray(value) ? value : [value];
  if (others.length > 0) return value;
  if (application !== 'calendar' || !CALENDAR_TIMES.has(attribute)) return only;
  const seconds = changeText(only) ?? '';
  return /^\d{1,15}$/.test(seconds) ? (timeOfSeconds(Number(seconds) + YEAR_1_SECONDS) ?? only) : only;
}
