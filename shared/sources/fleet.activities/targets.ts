import type { Actor, Target } from '../../event/schema.ts';
import { type JsonObject, scalarText } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { arrayAt, firstText, objectAt, objectsAt, textAt, valueAt } from '../read.ts';
import { nounOf } from './noun.ts';

/** A thing that `details` speaks of, and the keys that name it, the best first. */
interface Named {
  readonly type: string;
  readonly id: readonly string[];
  readonly name: readonly string[];
}

const NAMED: readonly Named[] = [
  { type: 'device', id: ['host_id', 'host_serial', 'enrollment_id'], name: ['host_display_name'] },
  { type: 'policy', id: ['policy_id'], name: ['policy_name'] },
  { type: 'profile', id: ['profile_identifier', 'identifier', 'profile_uuid'], name: ['profile_name'] },
  { type: 'query', id: ['query_id'], name: ['query_name'] },
  { type: 'pack', id: ['pack_id'], name: ['pack_name'] },
  { type: 'label', id: ['label_id'], name: ['label_name'] },
  { type: 'script', id: ['script_id'], name: ['script_name'] },
  { type: 'script_batch', id: ['batch_execution_id'], name: [] },
  { type: 'software', id: ['software_title_id', 'app_store_id'], name: ['software_title', 'software_package'] },
  // Fleet's documentation says the first, its example the second.
  { type: 'bootstrap_package', id: [], name: ['package_name', 'bootstrap_package_name'] },
  { type: 'certificate', id: ['certificate_template_id'], name: ['certificate_name'] },
  { type: 'custom_variable', id: ['custom_variable_id'], name: ['custom_variable_name'] },
];

/** Team ids that are no team: 0 and null are "no team", -1 is all of them. */
const NO_TEAM = new Set(['0', '-1']);

/** Everybody and everything that the activity names: people, hosts, other things, the team last. */
export function targetsOf(raw: JsonObject, action: string, type: EventType | null, actor: Actor): Target[] {
  const details = objectAt(raw, 'details') ?? {};
  const things = [
    ...NAMED.map(({ type, id, name }) => target(type, firstText(details, id), firstText(details, name))),
    ...listed(details, 'policies', 'policy'),
    ...listed(details, Object.hasOwn(details, 'teams') ? 'teams' : 'fleets', 'group'),
    ...listed(details, 'specs', nounOf(action).replace(/^spec_(saved_)?/, '')),
    ...arrayAt(details, 'query_ids').map((id) => target('query', scalarText(id), undefined)),
  ].filter((thing) => thing !== undefined);
  return [
    ...users(details, action, actor),
    ...hosts(details),
    ...things,
    ...subjectOf(details, action, type, things),
    ...team(details),
  ];
}

function target(type: string, id: string | undefined, name: string | undefined): Target | undefined {
  return id === undefined && name === undefined ? undefined : { type, id, name };
}

function listed(details: JsonObject, key: string, type: string): (Target | undefined)[] {
  return objectsAt(details, key).map((item) => target(type, textAt(item, 'id'), textAt(item, 'name')));
}

function users(details: JsonObject, action: string, actor: Actor): Target[] {
  // Whom single sign-on added is also who did it: the activity names nobody else.
  if (action === 'user_added_by_sso' && actor.type === 'user') {
    return [{ type: 'user', id: actor.id, name: actor.name, email: actor.email }];
  }
  const user = {
    id: textAt(details, 'user_id'),
    name: textAt(details, 'user_name'),
    email: textAt(details, 'user_email'),
  };
  return Object.values(user).some((text) => text !== undefined) ? [{ type: 'user', ...user }] : [];
}

/** The hosts of a list, whose names come in a second one in the same order. */
function hosts(details: JsonObject): Target[] {
  const ids = arrayAt(details, 'host_ids');
  const names = arrayAt(details, 'host_display_names');
  const longer = ids.length < names.length ? names : ids;
  return longer.flatMap((_, index) => {
    const host = target('device', scalarText(ids[index]), scalarText(names[index]));
    return host ?? [];
  });
}

/** The setting or integration that the activity is named after, where no thing of its details is what it is about. */
function subjectOf(details: JsonObject, action: string, type: EventType | null, things: readonly Target[]): Target[] {
  const kind = type?.endsWith('_integration') ? 'integration' : 'setting';
  if (kind === 'setting' && !type?.endsWith('_security_configuration')) return [];
  if (things.some((thing) => thing.type === 'policy' || thing.type === 'profile')) return [];
  const noun = nounOf(action);
  return [{ type: kind, id: noun, name: firstText(details, ['name', 'location', 'exception', 'dataset']) ?? noun }];
}

function team(details: JsonObject): Target[] {
  const id = firstText(details, ['team_id', 'fleet_id']);
  const name = firstText(details, ['team_name', 'fleet_name']);
  const found = id !== undefined && NO_TEAM.has(id) ? undefined : target('group', id, name);
  return found ? [found] : [];
}

/** True where the activity names no team because what it is about now belongs to none. */
export function isWithoutTeam(raw: JsonObject): boolean {
  const values = ['team_id', 'fleet_id'].map((key) => valueAt(raw, ['details', key])).filter((id) => id !== undefined);
  return values.length > 0 && values.every((id) => id === null || NO_TEAM.has(scalarText(id) ?? ''));
}
