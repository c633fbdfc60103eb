import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { entryOf } from '../read.ts';
import type { ActionTable } from '../source.ts';
import type { Kind } from '../verbs.ts';

/** The EMM type of each action of an event: '' is the event without an action, '*' every action that is not named. */
type Rules = Readonly<Record<string, EventType | null>>;

const RESOURCE: Rules = { created: 'create_resource', deleted: 'delete_resource', '*': 'update_resource' };
const CREATED_THEN_UPDATED: Rules = { created: 'create_resource', '*': 'update_resource' };
const UPDATED: Rules = { '': 'update_resource', '*': 'update_resource' };
const UNMAPPED: Rules = { '': null, '*': null };
const MEMBERS: Rules = { added: 'add_to_group', removed: 'remove_from_group' };
const PROTECTION: Rules = {
  created: 'create_security_configuration',
  edited: 'update_security_configuration',
  deleted: 'delete_security_configuration',
};

/**
 * GitHub's webhook events (https://docs.github.com/en/webhooks/webhook-events-and-payloads) and their EMM types. What
 * depends on more than the action is refined in permissions.ts (`member.edited`, `team.edited`) and in normalize.ts
 * (`gollum`, whose actions are those of its pages).
 */
const EVENTS: Readonly<Record<string, Rules>> = {
  // People and groups
  organization: {
    member_added: 'add_to_group',
    member_removed: 'remove_from_group',
    member_invited: null,
    renamed: 'update_group',
    deleted: 'delete_group',
  },
  member: { ...MEMBERS, edited: 'update_user' },
  membership: MEMBERS,
  team: {
    created: 'create_group',
    edited: 'update_group',
    deleted: 'delete_group',
    added_to_repository: 'add_permission',
    removed_from_repository: 'remove_permission',
  },
  team_add: { '': 'add_permission' },
  org_block: { blocked: 'update_user', unblocked: 'update_user' },
  personal_access_token_request: { approved: 'add_permission', created: null, denied: null, cancelled: null },

  // Security settings
  repository_ruleset: PROTECTION,
  branch_protection_rule: PROTECTION,
  branch_protection_configuration: {
    enabled: 'create_security_configuration',
    disabled: 'delete_security_configuration',
  },
  security_and_analysis: { '': 'update_security_configuration' },

  // Apps and hooks
  installation: {
    created: 'create_integration',
    deleted: 'delete_integration',
    suspend: 'update_integration',
    unsuspend: 'update_integration',
    new_permissions_accepted: 'update_integration',
  },
  installation_repositories: { added: 'update_integration', removed: 'update_integration' },
  installation_target: { renamed: 'update_integration' },
  github_app_authorization: { revoked: 'delete_integration' },
  meta: { deleted: 'delete_integration' },

  // Repositories and what is in them
  repository: RESOURCE,
  public: { '': 'update_resource' },
  repository_import: { '': 'create_resource' },
  fork: { '': 'create_resource' },
  deploy_key: RESOURCE,
  custom_property: RESOURCE,
  custom_property_values: UPDATED,
  create: { '': 'create_resource' },
  delete: { '': 'delete_resource' },
  push: { '': 'update_resource' },
  release: { ...RESOURCE, published: 'create_resource' },
  package: { published: 'create_resource', updated: 'update_resource' },
  registry_package: { published: 'create_resource', updated: 'update_resource' },
  gollum: { created: 'create_resource', edited: 'update_resource' },
  page_build: UPDATED,

  // Working together
  pull_request: { opened: 'create_resource', '*': 'update_resource' },
  pull_request_review: { submitted: 'create_resource', '*': 'update_resource' },
  pull_request_review_comment: RESOURCE,
  pull_request_review_thread: UPDATED,
  issues: { opened: 'create_resource', deleted: 'delete_resource', '*': 'update_resource' },
  issue_comment: RESOURCE,
  commit_comment: RESOURCE,
  discussion: RESOURCE,
  discussion_comment: RESOURCE,
  sub_issues: UPDATED,
  issue_dependencies: UPDATED,
  issue_relates_to: UPDATED,
  label: RESOURCE,
  milestone: RESOURCE,
  project: RESOURCE,
  project_card: RESOURCE,
  project_column: RESOURCE,
  projects_v2: RESOURCE,
  projects_v2_item: RESOURCE,
  projects_v2_status_update: RESOURCE,

  // Builds and deployments
  check_run: CREATED_THEN_UPDATED,
  check_suite: CREATED_THEN_UPDATED,
  workflow_run: { requested: 'create_resource', '*': 'update_resource' },
  workflow_job: { queued: 'create_resource', '*': 'update_resource' },
  deployment: CREATED_THEN_UPDATED,
  deployment_status: UPDATED,
  deployment_review: UPDATED,
  deployment_protection_rule: UPDATED,
  merge_group: UPDATED,
  status: UPDATED,

  // Alerts
  code_scanning_alert: CREATED_THEN_UPDATED,
  dependabot_alert: CREATED_THEN_UPDATED,
  secret_scanning_alert: CREATED_THEN_UPDATED,
  repository_vulnerability_alert: { create: 'create_resource', '*': 'update_resource' },
  repository_advisory: { reported: 'create_resource', published: null },

  // No activity of anyone in the organization, or none that the EMM has a word for
  secret_scanning_alert_location: UNMAPPED,
  secret_scanning_scan: UNMAPPED,
  security_advisory: UNMAPPED,
  repository_dispatch: UNMAPPED,
  workflow_dispatch: UNMAPPED,
  star: UNMAPPED,
  watch: UNMAPPED,
  sponsorship: UNMAPPED,
  marketplace_purchase: UNMAPPED,
  ping: UNMAPPED,
};

/** Names of the events that this mapping knows. */
export const EVENT_NAMES: readonly string[] = Object.keys(EVENTS);

/** The table by whole action, `event.action` or the event alone. Actions that are only summed up there are not in it. */
export const ACTIONS: ActionTable = Object.fromEntries(
  Object.entries(EVENTS).flatMap(([event, rules]) =>
    Object.entries(rules).flatMap(([action, type]) =>
      action === '*' ? [] : [[action === '' ? event : `${event}.${action}`, type]],
    ),
  ),
);

/** The EMM types that events of this source can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) =>
  Object.values(EVENTS).some((rules) => Object.values(rules).includes(type)),
);

/**
 * The EMM type of an event by its name and action. Events and actions that GitHub may add later are judged by their words; a
 * new event without an action is null, as it need not be anybody's doing.
 */
export function typeOfAction(event: string, action: string | undefined): EventType | null {
  const rules = entryOf(EVENTS, event) ?? {};
  for (const key of action === undefined ? [''] : [action, '*']) {
    const rule = entryOf(rules, key);
    if (rule !== undefined) return rule;
  }
  return action === undefined ? null : guessType(`${event}.${action}`);
}

/** What an event is about, by words of its name; everything else at GitHub is a resource. */
const KINDS: readonly (readonly [Kind, RegExp])[] = [
  ['security_configuration', /protection_(rule|configuration)|ruleset|security_and/],
  ['integration', /^(installation|github_app|meta\b|integration)/],
  ['group', /^(organization|team|membership|member)(\.|$)/],
];
/** What nobody does in an organization, or what changes nothing there. */
const NO_ACTIVITY =
  /dispatch|star|watch|sponsor|marketplace|ping|(advisory|_scan|_location)(\.|$)|\.(denied|cancelled|invited)$/;
const CREATING = new Set([
  'create',
  'created',
  'opened',
  'added',
  'published',
  'enabled',
  'reported',
  'requested',
  'queued',
  'submitted',
]);
const DELETING = new Set(['delete', 'deleted', 'disabled', 'removed', 'revoked']);
const MEMBERSHIP = /^(organization\.member_|member(ship)?\.)(added|removed)$/;

/** The EMM type of an action that is in no table, as `event.action` or the event alone, by its nouns and its verb. */
export function guessType(name: string): EventType | null {
  const [, change] = MEMBERSHIP.exec(name) ?? [];
  if (change !== undefined) return name.endsWith('added') ? 'add_to_group' : 'remove_from_group';
  if (/_to_repository|^team_add/.test(name)) return 'add_permission';
  if (/_from_repository/.test(name)) return 'remove_permission';
  if (NO_ACTIVITY.test(name)) return null;
  const kind = KINDS.find(([, words]) => words.test(name))?.[0] ?? 'resource';
  const verb = name.slice(name.lastIndexOf('.') + 1);
  if (verb === 'added' || verb === 'removed') return kind === 'integration' ? 'update_integration' : plain(verb, kind);
  return plain(verb, kind);
}

function plain(verb: string, kind: Kind): EventType {
  if (CREATING.has(verb)) return `create_${kind}`;
  return DELETING.has(verb) ? `delete_${kind}` : `update_${kind}`;
}
