import type { JsonObject } from '../../json.ts';
import { addressOf } from '../address.ts';
import { fitFacts, textAt, valueAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { timeInUtc, timeOfMilliseconds } from '../time.ts';
import { changesOf } from './changes.ts';
import { actorOf, credentialOf, locationOf, mfaOf } from './context.ts';
import { outcomeOf, reasonOf } from './outcome.ts';
import { withoutSecrets } from './redact.ts';
import { typeOf } from './refine.ts';
import { targetsOf } from './targets.ts';

/** Maps one row of the audit log, web or Git, as the REST API gives it. One event each; `_document_id` is its id. */
export function normalize(given: JsonObject): MappedEvent[] {
  const clean = withoutSecrets(given);
  const raw = clean ?? given;
  const action = textAt(raw, 'action') ?? '';
  const type = typeOf(raw, action);
  const outcome = outcomeOf(raw, action);
  const facts = fitFacts({
    type,
    action,
    outcome,
    actor: actorOf(raw, action),
    targets: targetsOf(raw, action),
    ip: addressOf(valueAt(raw, 'actor_ip')),
    userAgent: textAt(raw, 'user_agent'),
    location: locationOf(raw),
    reason: reasonOf(raw, outcome),
    credential: credentialOf(raw, action),
    // In changes of single sign-on it is a setting.
    identityProvider: action.endsWith('.sso_response') ? textAt(raw, 'issuer') : undefined,
    mfa: mfaOf(action),
    changes: changesOf(raw, action, type),
  });
  return [
    {
      facts,
      time: timeAt(raw, '@timestamp') ?? timeAt(raw, 'created_at'),
      vendorId: textAt(raw, '_document_id'),
      raw,
      redacted: clean !== undefined,
    },
  ];
}

function timeAt(raw: JsonObject, path: string): string | undefined {
  const value = valueAt(raw, path);
  return timeOfMilliseconds(value) ?? timeInUtc(value);
}
