import type { Change, EventFacts } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { cmdletChanges, isCmdlet } from '../m365/cmdlet.ts';
import { modifiedChanges } from '../m365/properties.ts';
import { mapRecord } from '../m365/record.ts';
import { changeText, entryOf, firstText, objectsAt, textAt, valueAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { guessType, typeInTable } from './actions.ts';
import { targetsOf } from './targets.ts';

/** Maps one record of `Audit.General`. */
export function normalize(raw: JsonObject): MappedEvent[] {
  return mapRecord(raw, {
    typeOf(operation) {
      const type = typeInTable(operation);
      return type === undefined ? guessType(operation) : type;
    },
    targetsOf,
    changesOf,
    // Teams and its like log what took place.
    unsaid: 'success',
    addresses: ['ClientIP', 'ClientIPAddress'],
    factsOf,
  });
}

const ROLES: Readonly<Record<string, string>> = { 0: 'Member', 1: 'Owner', 2: 'Guest' };

/** What was set: a setting by its name, and the role of each member. */
function changesOf(raw: JsonObject): Change[] {
  const operation = textAt(raw, 'Operation') ?? '';
  if (isCmdlet(operation)) return cmdletChanges(raw);
  const values = { old: changeText(valueAt(raw, 'OldValue')), new: changeText(valueAt(raw, 'NewValue')) };
  const name = textAt(raw, 'Name') ?? 'value';
  const side = /removed/i.test(operation) ? 'old' : 'new';
  const roles = objectsAt(raw, 'Members').flatMap((member) => {
    const role = textAt(member, 'Role');
    return role === undefined ? [] : [{ attribute: 'Role', [side]: entryOf(ROLES, role) ?? role }];
  });
  return [
    ...modifiedChanges(raw),
    ...(values.old === undefined && values.new === undefined ? [] : [{ attribute: name, ...values }]),
    ...roles,
  ];
}

function factsOf(raw: JsonObject): Partial<EventFacts> {
  const reason = firstText(raw, ['FailureReason', 'ExceptionInfo.Justification', 'Justification']);
  return reason === undefined ? {} : { reason };
}
