import type { Actor, EventFacts } from '../../event/schema.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { arrayAt, entryOf, fitFacts, objectAt, objectsAt, textAt, valueAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { typeOfAction } from './actions.ts';
import { changesOf } from './changes.ts';
import { EVENT_KEY } from './door.ts';
import { typeOfMemberEdit, typeOfTeamEdit } from './permissions.ts';
import { withoutSecrets } from './redact.ts';
import { REASONS } from './stated.ts';
import { targetsOf } from './targets.ts';

const ACTOR_TYPES: Readonly<Record<string, Actor['type']>> = {
  User: 'user',
  Mannequin: 'user',
  Bot: 'service',
  Organization: 'service',
};

/**
 * Maps one webhook delivery, given as its body with `X-GitHub-Event` added. One event; for `gollum` one for each wiki
 * page, with the page as `vendorId`, which the caller appends to the delivery id. GitHub sends no time.
 */
export function normalize(delivered: JsonObject): MappedEvent[] {
  const event = textAt(delivered, EVENT_KEY);
  const clean = withoutSecrets(event ?? '', delivered);
  const raw = clean ?? delivered;
  const redacted = clean !== undefined;
  const pages = event === 'gollum' ? objectsAt(raw, 'pages') : [];
  if (pages.length === 0 || pages.length < arrayAt(raw, 'pages').length)
    return [{ facts: factsOf(raw, textAt(raw, 'action')), raw, redacted }];
  const seen = new Map<string, number>();
  return pages.map((page) => {
    const key = `${textAt(page, 'page_name') ?? ''}@${textAt(page, 'sha') ?? ''}`;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const ofPage = { ...raw, pages: [page] };
    const vendorId = ordinal === 0 ? key : `${key}#${ordinal}`;
    return { facts: factsOf(ofPage, textAt(page, 'action')), raw: ofPage, vendorId, redacted };
  });
}

function factsOf(raw: JsonObject, action: string | undefined): EventFacts {
  const event = textAt(raw, EVENT_KEY);
  const pusherType = textAt(raw, 'pusher_type');
  return fitFacts({
    type: event === undefined ? null : typeOf(raw, event, action),
    action: [event, action].filter((part) => part !== undefined).join('.'),
    outcome: event === 'repository_import' ? importOutcome(textAt(raw, 'status')) : 'success',
    actor: actorOf(raw),
    targets: targetsOf(raw),
    reason: reasonOf(raw, event ?? '', action),
    credential: pusherType === 'deploy_key' ? { type: 'deploy_key' } : undefined,
    changes: changesOf(raw),
  });
}

function typeOf(raw: JsonObject, event: string, action: string | undefined): EventType | null {
  if (event === 'member' && action === 'edited') return typeOfMemberEdit(raw);
  if (event === 'team' && action === 'edited') return typeOfTeamEdit(raw);
  return typeOfAction(event, action);
}

/** The one event that tells of an attempt which may have failed. */
function importOutcome(status: string | undefined): EventFacts['outcome'] {
  if (status === 'success') return 'success';
  return status === undefined ? 'unknown' : 'failure';
}

function actorOf(raw: JsonObject): Actor {
  const sender = valueAt(raw, 'sender') ?? undefined;
  const pusher = objectAt(raw, 'pusher');
  if (sender === undefined && pusher !== undefined) {
    return { type: 'user', name: textAt(pusher, 'name'), email: textAt(pusher, 'email') };
  }
  // Events that nobody caused, such as a newly published advisory, have no sender.
  if (sender === undefined) return { type: 'system' };
  if (!isJsonObject(sender)) return { type: 'unknown' };
  const name = textAt(sender, 'login');
  const type = textAt(sender, 'type');
  const isPusher = name !== undefined && textAt(pusher, 'name') === name;
  return {
    id: textAt(sender, 'id'),
    name,
    email: textAt(sender, 'email') ?? (isPusher ? textAt(pusher, 'email') : undefined),
    type: entryOf(ACTOR_TYPES, type) ?? 'unknown',
    role: valueAt(sender, 'site_admin') === true ? 'site_admin' : type,
  };
}

function reasonOf(raw: JsonObject, event: string, action: string | undefined): string | undefined {
  const texts = [event, `${event}.${action}`]
    .flatMap((key) => entryOf(REASONS, key) ?? [])
    .map((path) => textAt(raw, path))
    .filter((text) => text !== undefined);
  return texts.length > 0 ? texts.join(': ') : undefined;
}
