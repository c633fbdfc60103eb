import type { Change } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { modifiedChanges } from '../m365/properties.ts';
import { mapRecord } from '../m365/record.ts';
import { textAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { guessType, typeInTable } from './actions.ts';
import { eventData } from './details.ts';
import { targetsOf } from './targets.ts';

/** Maps one record of `Audit.SharePoint`. */
export function normalize(raw: JsonObject): MappedEvent[] {
  return mapRecord(raw, {
    typeOf(operation) {
      const type = typeInTable(operation);
      return type === undefined ? guessType(operation) : type;
    },
    targetsOf,
    changesOf,
    // It logs what took place, and says so where something was blocked.
    unsaid: 'success',
    addresses: ['ClientIP'],
  });
}

/** Fields that say from what and to what an item was renamed, moved or copied. */
const PLACES: readonly (readonly [attribute: string, old: string, now: string])[] = [
  ['FileName', 'SourceFileName', 'DestinationFileName'],
  ['RelativeUrl', 'SourceRelativeUrl', 'DestinationRelativeUrl'],
  ['SensitivityLabelId', 'OldSensitivityLabelId', 'SensitivityLabelId'],
];

function changesOf(raw: JsonObject): Change[] {
  const side = /removed|revoked|deleted|disabled/i.test(textAt(raw, 'Operation') ?? '') ? 'old' : 'new';
  return [
    ...modifiedChanges(raw),
    ...PLACES.flatMap(([attribute, old, now]) => {
      const change = { attribute, old: textAt(raw, old), new: textAt(raw, now) };
      return change.new === undefined || change.new === change.old ? [] : [change];
    }),
    ...eventData(raw).map(({ name, value }) => ({ attribute: name, [side]: value })),
  ];
}
