import type { Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { entryOf, firstText, objectAt, objectsAt, textAt } from '../read.ts';
import { EVENT_KEY } from './door.ts';
import { referenceOf } from './label.ts';

/** Accounts that an event is done to, by where the payload names them. */
const ACCOUNTS = [
  'membership.user',
  'member',
  'user',
  'blocked_user',
  'assignee',
  'requested_reviewer',
  'requester',
  'requestor',
  'approver',
  'account',
  'installation.account',
  'personal_access_token_request.owner',
  'sponsorship.sponsor',
  'sponsorship.sponsorable',
  'marketplace_purchase.account',
];

const ACCOUNT_TYPES: Readonly<Record<string, string>> = { Bot: 'service', Organization: 'organization' };

/** What GitHub numbers within a repository; named `owner/repository#number`, as GitHub's own references are. */
const NUMBERED: readonly (readonly [path: string, type: string])[] = [
  ['pull_request', 'pull_request'],
  ['issue', 'issue'],
  ['sub_issue', 'issue'],
  ['parent_issue', 'issue'],
  ['blocked_issue', 'issue'],
  ['blocking_issue', 'issue'],
  ['related_issue', 'issue'],
  ['discussion', 'discussion'],
  ['changes.old_issue', 'issue'],
  ['changes.new_issue', 'issue'],
  ['changes.new_discussion', 'discussion'],
];

/** Everything else that an event is about: where it is, what it is called here, and which of its fields name it. */
const OBJECTS: readonly (readonly [path: string, type: string, ...names: string[]])[] = [
  ['comment', 'comment'],
  ['review', 'review'],
  ['thread', 'review_thread'],
  ['answer', 'comment'],
  ['old_answer', 'comment'],
  ['label', 'label', 'name'],
  ['milestone', 'milestone', 'title'],
  ['type', 'issue_type', 'name'],
  ['issue_field', 'issue_field', 'name'],
  ['stack', 'stack', 'name', 'title'],
  ['project', 'project', 'name'],
  ['project_card', 'project_card'],
  ['project_column', 'project_column', 'name'],
  ['projects_v2', 'project', 'title'],
  ['projects_v2_item', 'project_item'],
  ['projects_v2_status_update', 'project_status_update'],
  ['release', 'release', 'name', 'tag_name'],
  ['package', 'package', 'name'],
  ['registry_package', 'package', 'name'],
  ['deployment', 'deployment', 'environment'],
  ['deployment_status', 'deployment_status', 'environment'],
  ['check_run', 'check_run', 'name'],
  ['check_suite', 'check_suite', 'app.name'],
  ['workflow', 'workflow', 'name'],
  ['workflow_run', 'workflow_run', 'name'],
  ['workflow_job', 'workflow_job', 'name'],
  ['workflow_job_run', 'workflow_job', 'name'],
  ['merge_group', 'merge_group', 'head_ref'],
  ['rule', 'branch_protection_rule', 'name'],
  ['repository_ruleset', 'ruleset', 'name'],
  ['definition', 'custom_property', 'property_name'],
  ['key', 'deploy_key', 'title'],
  ['hook', 'webhook', 'name'],
  ['repository_advisory', 'security_advisory', 'summary'],
  ['security_advisory', 'security_advisory', 'summary'],
];
const REPOSITORIES = ['repository', 'forkee', 'changes.new_repository', 'changes.old_repository'];
const REPOSITORY_LISTS = [
  'repositories',
  'repositories_added',
  'repositories_removed',
  'personal_access_token_request.repositories',
];
const OBJECT_IDS = ['id', 'ghsa_id', 'head_sha', 'node_id'];
const ALERT_NAMES = ['rule.id', 'security_advisory.ghsa_id', 'secret_type', 'ghsa_id', 'affected_package_name'];

/** Everything that the event names as done to or involved, each once: people, groups, objects, then where they are. */
export function targetsOf(raw: JsonObject): Target[] {
  const event = textAt(raw, EVENT_KEY) ?? '';
  const organization = named(raw, 'organization', 'organization', ['login']);
  const found = [
    ...ACCOUNTS.map((path) => account(objectAt(raw, path))),
    invitation(raw),
    ...objectsAt(raw, 'reviewers').map(reviewer),
    ...['team', 'requested_team'].map((path) => named(raw, path, 'group', ['name', 'slug'])),
    ...NUMBERED.map(([path, type]) => numbered(raw, path, type)),
    alert(raw, event),
    accessToken(raw),
    ...(event.startsWith('installation') ? app(raw) : []),
    // A build has no id of its own; that of the whole payload is its.
    event === 'page_build' ? target('page_build', textAt(raw, 'id'), undefined) : undefined,
    ...OBJECTS.map(([path, type, ...names]) => named(raw, path, type, names)),
    // workflow_dispatch gives the workflow's path in the object's place.
    target('workflow', undefined, textAt(raw, 'workflow')),
    ...objectsAt(raw, 'pages').map((page) => target('wiki_page', undefined, textAt(page, 'page_name'))),
    gitRef(raw),
    ...['after', 'sha', 'comment.commit_id'].map((path) => commit(raw, path)),
    ...REPOSITORIES.map((path) => repository(objectAt(raw, path))),
    organization ?? named(raw, 'enterprise', 'enterprise', ['slug', 'name']),
    ...REPOSITORY_LISTS.flatMap((path) => objectsAt(raw, path)).map(repository),
  ].filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [JSON.stringify([one.type, one.id, one.name]), one])).values()];
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

function account(user: JsonObject | undefined): Target | undefined {
  const type = entryOf(ACCOUNT_TYPES, textAt(user, 'type')) ?? 'user';
  return target(type, textAt(user, 'id'), firstText(user, ['login', 'slug']), textAt(user, 'email'));
}

function reviewer(entry: JsonObject): Target | undefined {
  const isTeam = textAt(entry, 'type') === 'Team';
  return isTeam ? named(entry, 'reviewer', 'group', ['name', 'slug']) : account(objectAt(entry, 'reviewer'));
}

function invitation(raw: JsonObject): Target | undefined {
  const invited = objectAt(raw, 'invitation');
  return target('invitation', textAt(invited, 'id'), textAt(invited, 'login'), textAt(invited, 'email'));
}

function named(raw: JsonObject, path: string, type: string, names: readonly string[]): Target | undefined {
  const object = objectAt(raw, path);
  return target(type, firstText(object, OBJECT_IDS), firstText(object, names));
}

function numbered(raw: JsonObject, path: string, type: string): Target | undefined {
  const object = objectAt(raw, path);
  return object && target(type, firstText(object, OBJECT_IDS), referenceOf(object, raw));
}

function alert(raw: JsonObject, event: string): Target | undefined {
  const found = objectAt(raw, 'alert');
  const type = event.startsWith('secret_scanning') ? 'secret_scanning_alert' : event || 'alert';
  const number = textAt(found, 'number');
  const repo = textAt(raw, 'repository.full_name');
  // Most alerts are only numbered, and anew in each repository.
  const id = textAt(found, 'id') ?? (number && repo ? `${repo}/${type}/${number}` : number);
  return found && target(type, id, firstText(found, ALERT_NAMES));
}

function accessToken(raw: JsonObject): Target | undefined {
  const request = objectAt(raw, 'personal_access_token_request');
  return target('access_token', firstText(request, ['token_id', 'id']), textAt(request, 'token_name'));
}

function app(raw: JsonObject): (Target | undefined)[] {
  const slug = textAt(raw, 'installation.app_slug');
  return [
    target('app', textAt(raw, 'installation.app_id'), slug),
    target('installation', textAt(raw, 'installation.id'), slug),
  ];
}

function gitRef(raw: JsonObject): Target | undefined {
  const ref = textAt(raw, 'ref') ?? '';
  const refType = textAt(raw, 'ref_type');
  if (refType !== undefined) return target(refType, undefined, ref || undefined);
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/s.exec(ref) ?? [];
  return target(kind === 'tags' ? 'tag' : 'branch', undefined, name);
}

function commit(raw: JsonObject, path: string): Target | undefined {
  const sha = textAt(raw, path);
  return sha !== undefined && /[^0]/.test(sha) ? target('commit', sha, undefined) : undefined;
}

function repository(repo: JsonObject | undefined): Target | undefined {
  return target('repository', textAt(repo, 'id'), firstText(repo, ['full_name', 'name']));
}
