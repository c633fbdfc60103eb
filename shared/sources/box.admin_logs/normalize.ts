import type { Change, EventFacts } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { addressOf } from '../address.ts';
import { changeText, firstText, fitFacts, textAt, valueAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { timeInUtc } from '../time.ts';
import { typeOfAction } from './actions.ts';
import { actorOf } from './people.ts';
import { targetsOf } from './targets.ts';

/** Maps one event of Box's enterprise feeds, live or history: both give the same. One event each, with Box's id. */
export function normalize(raw: JsonObject): MappedEvent[] {
  const action = textAt(raw, 'event_type') ?? '';
  const type = typeOfAction(action);
  const token = textAt(raw, 'additional_details.access_token_identifier');
  const service = textAt(raw, 'additional_details.service_name');
  const factor = /(MULTI|TWO)_FACTOR/.exec(action)?.[0];
  const facts = fitFacts({
    type,
    action,
    outcome: outcomeOf(raw, action),
    actor: actorOf(raw, action),
    targets: targetsOf(raw),
    // It can be the words "Unknown IP".
    ip: addressOf(valueAt(raw, 'ip_address')),
    session: textAt(raw, 'session_id'),
    device: service === undefined ? undefined : { type: service },
    reason: reasonOf(raw),
    credential: token === undefined ? undefined : { id: token, type: 'access_token' },
    mfa: factor === undefined ? undefined : { enrollment: factor.toLowerCase() },
    changes: changesOf(raw, action, type),
  });
  const time = ['created_at', 'recorded_at']
    .map((path) => timeInUtc(valueAt(raw, path)))
    .find((text) => text !== undefined);
  return [{ facts, time, vendorId: textAt(raw, 'event_id'), raw }];
}

const FAILED = /(^|_)(FAILED|BLOCKED)(_|$)/;
const CONTROL_MODES = [
  'additional_details.shield_download_enforcement.controlMode',
  'additional_details.shield_external_collab_enforcement.controlMode',
];

/** Box has no field for it: the type's name says it. A policy that only monitors has blocked nothing. */
function outcomeOf(raw: JsonObject, action: string): EventFacts['outcome'] {
  if (action.endsWith('_POLICY_VIOLATION')) return 'unknown';
  if (!FAILED.test(action)) return 'success';
  return firstText(raw, CONTROL_MODES) === 'monitoring' ? 'unknown' : 'failure';
}

const REASONS: readonly (readonly string[])[] = [
  ['additional_details.shield_alert.rule_name'],
  [
    'additional_details.shield_alert.alert_summary.description',
    'additional_details.shield_alert.malware_info.description',
  ],
  ['additional_details.shield_external_collab_enforcement.justification.title'],
  ['additional_details.shield_external_collab_enforcement.justification.description'],
  [
    'additional_details.shield_external_collab_enforcement.additionalInfo',
    'additional_details.shield_download_enforcement.additional_info',
  ],
];

/** Which rule raised an alert and what it saw, or how an exception was justified. */
function reasonOf(raw: JsonObject): string | undefined {
  const texts = REASONS.map((paths) => firstText(raw, paths)).filter((text) => text !== undefined);
  return texts.length > 0 ? texts.join(': ') : undefined;
}

/** Where events say what a value is from now on; Box never says what it was. */
const STATED: readonly (readonly [action: RegExp, attribute: string, paths: readonly string[]])[] = [
  [/COLLAB|ROLE/, 'role', ['additional_details.role']],
  [/RENAME$/, 'name', ['source.item_name', 'source.name']],
  [/(^|_)MOVE$|UNDELETE/, 'parent', ['source.parent.name', 'source.parent.id']],
  [/^METADATA_/, 'metadata', ['additional_details.metadata']],
];

function changesOf(raw: JsonObject, action: string, type: EventType | null): Change[] {
  return STATED.flatMap(([name, attribute, paths]) => {
    const text = name.test(action)
      ? paths.map((path) => changeText(valueAt(raw, path))).find((one) => one !== undefined)
      : undefined;
    if (text === undefined || text === '') return [];
    return [
      type === 'remove_permission' || type === 'delete_resource' ? { attribute, old: text } : { attribute, new: text },
    ];
  });
}
