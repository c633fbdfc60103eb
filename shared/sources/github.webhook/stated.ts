/** An attribute whose value an action set, and where the payload has its new and old value. */
export interface Stated {
  readonly attribute: string;
  readonly to?: string;
  readonly from?: string;
}

const to = (attribute: string, path: string): Stated => ({ attribute, to: path });
const from = (attribute: string, path: string): Stated => ({ attribute, from: path });

const CONCLUSION = (key: string): readonly Stated[] => [
  to('status', `${key}.status`),
  to('conclusion', `${key}.conclusion`),
];
const VISIBILITY: readonly Stated[] = [to('private', 'repository.private'), to('visibility', 'repository.visibility')];
const MEMBERSHIP: readonly Stated[] = [to('role', 'membership.role'), to('state', 'membership.state')];
const PERMISSIONS: readonly Stated[] = [
  to('permissions', 'installation.permissions'),
  to('repository_selection', 'installation.repository_selection'),
];

/**
 * What payloads say besides `changes`: by event, or by `event.action` where only that action set it. CI and deployment
 * results are states of the object and not outcomes of the audited action, so they are here.
 */
export const STATED: Readonly<Record<string, readonly Stated[]>> = {
  'organization.member_added': MEMBERSHIP,
  'organization.member_removed': MEMBERSHIP,
  'organization.member_invited': [to('role', 'invitation.role')],
  personal_access_token_request: [
    to('permissions', 'personal_access_token_request.permissions_result'),
    to('repository_selection', 'personal_access_token_request.repository_selection'),
  ],

  'repository.created': VISIBILITY,
  'repository.privatized': VISIBILITY,
  'repository.publicized': VISIBILITY,
  public: VISIBILITY,
  'repository.archived': [to('archived', 'repository.archived')],
  'repository.unarchived': [to('archived', 'repository.archived')],
  repository_import: [to('status', 'status')],
  'repository_ruleset.created': [to('enforcement', 'repository_ruleset.enforcement')],
  'repository_ruleset.deleted': [from('enforcement', 'repository_ruleset.enforcement')],
  'deploy_key.created': [to('read_only', 'key.read_only')],
  'deploy_key.deleted': [from('read_only', 'key.read_only')],

  'installation.created': PERMISSIONS,
  'installation.new_permissions_accepted': PERMISSIONS,
  'installation.deleted': [from('permissions', 'installation.permissions')],
  'installation.suspend': [to('suspended_at', 'installation.suspended_at')],
  'installation.unsuspend': [to('suspended_at', 'installation.suspended_at')],
  installation_repositories: [to('repository_selection', 'repository_selection')],

  push: [{ attribute: 'head', from: 'before', to: 'after' }, to('forced', 'forced')],
  'pull_request.synchronize': [{ attribute: 'head', from: 'before', to: 'after' }],
  'pull_request.closed': [to('state', 'pull_request.state'), to('merged', 'pull_request.merged')],
  'pull_request.reopened': [to('state', 'pull_request.state')],
  'pull_request.review_requested': [
    to('requested_reviewers', 'requested_reviewer'),
    to('requested_teams', 'requested_team'),
  ],
  'pull_request.review_request_removed': [
    from('requested_reviewers', 'requested_reviewer'),
    from('requested_teams', 'requested_team'),
  ],
  'pull_request_review.submitted': [to('state', 'review.state')],
  'pull_request_review.dismissed': [to('state', 'review.state')],
  'issues.closed': [to('state', 'issue.state'), to('state_reason', 'issue.state_reason')],
  'issues.reopened': [to('state', 'issue.state'), to('state_reason', 'issue.state_reason')],
  'issues.typed': [to('type', 'type')],
  'issues.untyped': [from('type', 'type')],
  'discussion.closed': [to('state', 'discussion.state')],
  'discussion.reopened': [to('state', 'discussion.state')],
  'milestone.closed': [to('state', 'milestone.state')],
  'milestone.opened': [to('state', 'milestone.state')],
  ...onEach(['issues', 'pull_request', 'discussion'], {
    labeled: [to('labels', 'label')],
    unlabeled: [from('labels', 'label')],
    assigned: [to('assignees', 'assignee')],
    unassigned: [from('assignees', 'assignee')],
    milestoned: [to('milestone', 'milestone')],
    demilestoned: [from('milestone', 'milestone')],
  }),

  check_run: CONCLUSION('check_run'),
  check_suite: CONCLUSION('check_suite'),
  workflow_run: CONCLUSION('workflow_run'),
  workflow_job: CONCLUSION('workflow_job'),
  deployment_status: [to('state', 'deployment_status.state')],
  status: [to('state', 'state')],
  page_build: [to('status', 'build.status')],

  code_scanning_alert: [to('state', 'alert.state')],
  dependabot_alert: [to('state', 'alert.state')],
  repository_vulnerability_alert: [to('state', 'alert.state')],
  secret_scanning_alert: [
    to('state', 'alert.state'),
    to('resolution', 'alert.resolution'),
    to('validity', 'alert.validity'),
    to('publicly_leaked', 'alert.publicly_leaked'),
    to('push_protection_bypassed', 'alert.push_protection_bypassed'),
  ],
  'secret_scanning_alert.assigned': [to('assignee', 'assignee')],
  'secret_scanning_alert.unassigned': [from('assignee', 'assignee')],
};

/** Where the object is that `changes` speaks of, if not under the event's own name. */
export const SUBJECT_KEYS: Readonly<Record<string, string>> = {
  branch_protection_rule: 'rule',
  issues: 'issue',
  issue_comment: 'comment',
  commit_comment: 'comment',
  discussion_comment: 'comment',
  pull_request_review_comment: 'comment',
  pull_request_review: 'review',
  installation_target: 'account',
  custom_property: 'definition',
};

/** Where the payload says why the action was taken; `event.action` as in {@link STATED}. Several texts are joined. */
export const REASONS: Readonly<Record<string, readonly string[]>> = {
  code_scanning_alert: ['alert.dismissed_reason', 'alert.dismissed_comment'],
  dependabot_alert: ['alert.dismissed_reason', 'alert.dismissed_comment'],
  secret_scanning_alert: ['alert.resolution', 'alert.resolution_comment'],
  repository_vulnerability_alert: ['alert.dismiss_reason'],
  deployment_review: ['comment'],
  merge_group: ['reason'],
  pull_request: ['reason'],
  page_build: ['build.error.message'],
  'pull_request.locked': ['pull_request.active_lock_reason'],
  'issues.locked': ['issue.active_lock_reason'],
  'discussion.locked': ['discussion.active_lock_reason'],
};

function onEach(
  events: readonly string[],
  actions: Record<string, readonly Stated[]>,
): Record<string, readonly Stated[]> {
  return Object.fromEntries(
    events.flatMap((event) => Object.entries(actions).map(([action, stated]) => [`${event}.${action}`, stated])),
  );
}
