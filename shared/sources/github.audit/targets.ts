import type { Target } from '../../event/schema.ts';
import { type Json, type JsonObject, scalarText } from '../../json.ts';
import { entryOf, firstText, textAt, valueAt } from '../read.ts';
import { accountId, ON_OAUTH_APPS } from './context.ts';

/** People that an act is done to, by the fields that name them. */
const PEOPLE: readonly (readonly [name: string, id?: string])[] = [
  ['user', 'user_id'],
  ['blocked_user'],
  ['invitee'],
  ['manager'],
  ['requester', 'requester_id'],
  ['target_login'],
];
/** People and teams alike, and the field that says which. */
const EITHER: readonly (readonly [name: string, type: string, id?: string])[] = [
  ['reviewer', 'reviewer_type', 'reviewer_id'],
  ['collaborator', 'collaborator_type'],
];

/** Everything else: what it is, and which fields hold its id and its name. */
const OBJECTS: readonly (readonly [type: string, id: string | undefined, ...names: string[]])[] = [
  ['group', 'team_id', 'team'],
  ['group', 'enterprise_team_id', 'enterprise_team'],
  ['group', 'external_group_id', 'external_group'],
  ['scim_group', 'scim_group_id'],
  ['scim_user', 'scim_user_id'],
  ['role', 'organization_role_id', 'organization_role_name'],
  ['role', 'enterprise_role_id', 'enterprise_role_name'],
  ['access_token', 'user_programmatic_access_id', 'user_programmatic_access_name'],
  ['access_token', 'managed_token_id', 'oauth_credential_type'],
  ['app', 'application_client_id', 'integration'],
  ['webhook', 'hook_id'],
  ['audit_log_stream', 'audit_log_stream_id', 'audit_log_stream_sink'],
  ['comment', 'comment_id'],
  ['review', 'review_id'],
  ['workflow_run', 'workflow_run_id'],
  ['workflow_job', undefined, 'job_name'],
  ['environment', undefined, 'environment_name'],
  ['runner', 'runner_id', 'runner_name'],
  ['runner_group', 'runner_group_id', 'runner_group_name'],
  ['network_configuration', 'network_configuration_id'],
  ['ruleset', 'ruleset_id', 'ruleset_name'],
  ['security_configuration', 'security_configuration_id', 'security_configuration_name'],
  ['alert_rule', 'vulnerability_alert_rule_id', 'vulnerability_alert_rule_name'],
  ['alert', 'alert_id'],
  ['security_advisory', 'ghsa_id'],
  ['status_check', undefined, 'context'],
  ['branch', undefined, 'branch'],
  ['ip_allow_list_entry', undefined, 'ip_allow_list_entry', 'ip_allow_list_entry.name', 'ip_allow_list_entry.value'],
  ['domain', undefined, 'domain_name', 'domain'],
  ['project', 'project_id', 'project_name'],
  ['custom_property', 'definition_id', 'property_name'],
  ['issue_type', undefined, 'issue_type_name'],
  ['package', undefined, 'package'],
  ['gist', 'gist_id'],
  ['marketplace_listing', undefined, 'marketplace_listing'],
  ['passkey', undefined, 'passkey_nickname', 'nickname'],
  ['migration', 'migration_id'],
];

/** What `name` and `title` are those of, by what stands before the action's dot. */
const NAMED: Readonly<Record<string, readonly [type: string, name: string, id?: string]>> = {
  codespaces: ['codespace', 'name'],
  environment: ['environment', 'name'],
  protected_branch: ['branch', 'name'],
  role: ['role', 'name'],
  organization_role: ['role', 'name'],
  enterprise_role: ['role', 'name'],
  custom_hosted_runner: ['runner', 'name'],
  github_hosted_runner: ['runner', 'name'],
  premium_runner: ['runner', 'name'],
  workflows: ['workflow', 'name', 'workflow_id'],
  issue: ['issue', 'title'],
  discussion: ['discussion', 'title'],
};
/** What GitHub numbers within a repository or a team. */
const NUMBERED: Readonly<Record<string, string>> = {
  issue_dependencies: 'issue',
  sub_issues: 'issue',
  secret_scanning_alert: 'alert',
  secret_scanning_push_protection: 'alert',
  discussion_post: 'discussion',
  discussion_post_reply: 'discussion',
};

const PULL_REQUEST_URL = /\/([^/]+\/[^/]+)\/pull\/(\d+)/;

/** Everything that a row names as done to or involved, each once: people, groups, objects, then where they are. */
export function targetsOf(raw: JsonObject, action: string): Target[] {
  const [prefix = ''] = action.split('.');
  const found = [
    ...PEOPLE.map(([name, id]) => target('user', id && accountId(raw, id), textAt(raw, name))),
    target(
      'user',
      undefined,
      undefined,
      firstText(raw, /invit/.test(action) ? ['invitee_email', 'email'] : ['invitee_email']),
    ),
    ...EITHER.map(([name, type, id]) => either(raw, name, type, id)),
    ...OBJECTS.map(([type, id, ...names]) => target(type, id && textAt(raw, id), firstText(raw, names))),
    named(raw, prefix),
    keyed(raw, action),
    pullRequest(raw),
    ...numbered(raw, prefix),
    ON_OAUTH_APPS.test(action)
      ? target(
          'oauth_application',
          textAt(raw, 'oauth_application_id'),
          firstText(raw, ['oauth_application', 'oauth_application_name']),
        )
      : undefined,
    ...each(raw, 'repository', ['repo_id', 'repository_id'], ['repo', 'repository']),
    ...['repositories_added_names', 'repositories_removed_names'].flatMap((path) =>
      each(raw, 'repository', [], [path]),
    ),
    ...each(raw, 'organization', ['org_id'], ['org']),
    ...each(raw, 'enterprise', ['business_id'], ['business']),
  ].filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [JSON.stringify([one.type, one.id, one.name, one.email]), one])).values()];
}

/** Undefined when nothing tells which one it is. */
function target(type: string, id: string | undefined, name: string | undefined, email?: string): Target | undefined {
  if (id === undefined && name === undefined && email === undefined) return undefined;
  return {
    type,
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
  };
}

function either(raw: JsonObject, name: string, type: string, id: string | undefined): Target | undefined {
  const isTeam = textAt(raw, type)?.toLowerCase() === 'team';
  return target(isTeam ? 'group' : 'user', id && textAt(raw, id), textAt(raw, name));
}

function named(raw: JsonObject, prefix: string): Target | undefined {
  const [type, name, id] = entryOf(NAMED, prefix) ?? [];
  return type && name ? target(type, id && textAt(raw, id), textAt(raw, name)) : undefined;
}

/** `key` is the name of a secret or variable, or the text of a public key. */
function keyed(raw: JsonObject, action: string): Target | undefined {
  const kind = /_(secret|variable)$/.exec(action)?.[1];
  if (kind !== undefined) return target(kind, undefined, textAt(raw, 'key'));
  if (!/(^|_)(public_key|gpg_key|ssh_certificate_authority)\./.test(action)) return undefined;
  return target('key', textAt(raw, 'fingerprint'), firstText(raw, ['title', 'key']));
}

function pullRequest(raw: JsonObject): Target | undefined {
  const [, repository, number] = PULL_REQUEST_URL.exec(textAt(raw, 'pull_request_url') ?? '') ?? [];
  const name = repository === undefined ? textAt(raw, 'pull_request_title') : `${repository}#${number}`;
  return target('pull_request', textAt(raw, 'pull_request_id'), name);
}

function numbered(raw: JsonObject, prefix: string): (Target | undefined)[] {
  const repository = firstText(raw, ['repo', 'repository']);
  const label = (number: string) => (repository === undefined ? `#${number}` : `${repository}#${number}`);
  const type = entryOf(NUMBERED, prefix);
  const number = type && textAt(raw, 'number');
  const hasId = textAt(raw, 'alert_id') !== undefined;
  const alerts = hasId ? [] : [...texts(raw, 'alert_number'), ...texts(raw, 'alert_numbers')];
  return [
    type && number ? target(type, undefined, label(number)) : undefined,
    ...alerts.map((alert) => target('alert', undefined, label(alert))),
  ];
}

/** An act that spans organizations has lists where others have one value. */
function each(raw: JsonObject, type: string, ids: readonly string[], names: readonly string[]): (Target | undefined)[] {
  const id = first(raw, ids);
  const name = first(raw, names);
  return Array.from({ length: Math.max(id.length, name.length) }, (_, index) => target(type, id[index], name[index]));
}

function first(raw: JsonObject, paths: readonly string[]): string[] {
  return paths.map((path) => texts(raw, path)).find((found) => found.length > 0) ?? [];
}

function texts(raw: JsonObject, path: string): string[] {
  const value: Json | undefined = valueAt(raw, path);
  const list = Array.isArray(value) ? value : [value];
  return list.map(scalarText).filter((text) => text !== undefined);
}
