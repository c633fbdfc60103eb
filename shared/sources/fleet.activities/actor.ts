import type { Actor } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { firstText, textAt, valueAt } from '../read.ts';

/** How the server signs what it did by itself. */
const SERVER = 'Fleet';

/** Activities that hosts report or the server causes, so that having no actor is right for them. */
const AUTOMATIC =
  /^((mdm|fleet)_(un)?enrolled|(installed|uninstalled|escrowed|rotated|failed)_.*|canceled_setup_experience|created_managed_local_account)$/;

/**
 * Who did it. Fleet empties `actor_id` when it deletes a user and leaves the name; where nothing is left of an author, the
 * actor is unknown.
 */
export function actorOf(raw: JsonObject, action: string): Actor {
  const isApiOnly = valueAt(raw, 'actor_api_only') === true;
  const known = {
    id: textAt(raw, 'actor_id'),
    name: textAt(raw, 'actor_full_name'),
    email: textAt(raw, 'actor_email'),
    role: isApiOnly ? 'api_only' : undefined,
  };
  const type = typeOf(raw, known, isApiOnly);
  if (type !== undefined) return { ...known, type };
  // Nobody is logged in yet: the server only knows what was typed in.
  if (action === 'user_failed_login') {
    const email = firstText(raw, ['details.email']);
    return email === undefined ? { type: 'anonymous' } : { email, type: 'user' };
  }
  return { type: unnamed(raw, action) };
}

function typeOf(raw: JsonObject, { id, name, email }: Partial<Actor>, isApiOnly: boolean): Actor['type'] | undefined {
  if (valueAt(raw, 'fleet_initiated') === true) return 'system';
  // The webhook has no `fleet_initiated`.
  if (name === SERVER && id === undefined && email === undefined) return 'system';
  if (isApiOnly) return 'service';
  return id === undefined && name === undefined && email === undefined ? undefined : 'user';
}

function unnamed(raw: JsonObject, action: string): Actor['type'] {
  // The end user of the host, who needs no account at Fleet.
  if (valueAt(raw, 'details.self_service') === true && /^(un)?installed_/.test(action)) return 'user';
  if (textAt(raw, 'details.triggered_by') === 'expiration' || AUTOMATIC.test(action)) return 'system';
  return 'unknown';
}
