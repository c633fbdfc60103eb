import type { EventFacts } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { addressOf } from '../address.ts';
import { entryOf, firstText, fitFacts, textAt, valueAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { ACTIONS } from './actions.ts';
import { actorOf } from './actor.ts';
import { changesOf } from './changes.ts';
import { guessType } from './guess.ts';
import { withoutSecrets } from './redact.ts';
import { isWithoutTeam, targetsOf } from './targets.ts';

/** Maps one activity, as the REST API, an audit log destination or the activities webhook gives it. Always one event. */
export function normalize(given: JsonObject): MappedEvent[] {
  const clean = withoutSecrets(given);
  const raw = clean ?? given;
  return [
    {
      facts: factsOf(raw),
      time: firstText(raw, ['created_at', 'timestamp']),
      vendorId: textAt(raw, 'id'),
      raw,
      redacted: clean !== undefined,
    },
  ];
}

function factsOf(raw: JsonObject): EventFacts {
  const action = textAt(raw, 'type') ?? '';
  const type = typeOf(raw, action);
  const actor = actorOf(raw, action);
  const outcome = outcomeOf(raw, action);
  return fitFacts({
    type,
    action,
    outcome,
    actor,
    targets: targetsOf(raw, action, type, actor),
    ip: addressOf(valueAt(raw, 'details.public_ip')),
    reason: firstText(raw, [
      'details.failure_reason',
      ...(outcome === 'failure' ? ['details.detail'] : []),
      'details.triggered_by',
    ]),
    changes: changesOf(raw, action),
  });
}

function typeOf(raw: JsonObject, action: string): EventType | null {
  if (action === 'transferred_hosts' && isWithoutTeam(raw)) return 'remove_from_group';
  const known = entryOf(ACTIONS, action);
  return known === undefined ? guessType(action) : known;
}

/** Activities have no field for it: by name, or by the state of the script or installation that they started. */
function outcomeOf(raw: JsonObject, action: string): EventFacts['outcome'] {
  if (/(^|_)failed(_|$)/.test(action)) return 'failure';
  const status = textAt(raw, 'details.status') ?? '';
  if (/^(failed|error)/i.test(status)) return 'failure';
  return /^pending/i.test(status) ? 'unknown' : 'success';
}
