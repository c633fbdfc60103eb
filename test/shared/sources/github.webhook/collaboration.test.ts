import { describe } from 'vitest';
import type { EventType } from '../../../../shared/taxonomy.ts';
import { ada, BO, bo, ISSUE, inRepo, issue, ORG, REPO, type Row, TEAM, team, testRows } from './payloads.ts';

const pull = { id: 4002, number: 13, title: 'Calibrate', state: 'closed', merged: true, user: ada };
const PULL = { type: 'pull_request', id: '4002', name: 'northwind-labs/barometer#13' };
const discussion = { id: 4003, number: 14, title: 'Siting', state: 'open', category: { id: 2, name: 'Show and tell' } };
const DISCUSSION = { type: 'discussion', id: '4003', name: 'northwind-labs/barometer#14' };
const label = { id: 51, name: 'urgent' };
const LABEL = { type: 'label', id: '51', name: 'urgent' };
const milestone = { id: 52, number: 1, title: 'Summer', state: 'closed' };
const MILESTONE = { type: 'milestone', id: '52', name: 'Summer' };
const WHERE = [REPO, ORG];
const sha = 'ab'.repeat(20);

const lifecycle: Readonly<Record<string, EventType>> = {
  created: 'create_resource',
  edited: 'update_resource',
  deleted: 'delete_resource',
};

/** Events about one object under its own key, with what else the payload then has. */
const objects: readonly [event: string, body: Record<string, object>, targets: readonly object[]][] = [
  ['issue_comment', { comment: { id: 81 }, issue }, [ISSUE, { type: 'comment', id: '81' }, ...WHERE]],
  ['discussion_comment', { comment: { id: 81 }, discussion }, [DISCUSSION, { type: 'comment', id: '81' }, ...WHERE]],
  [
    'pull_request_review_comment',
    { comment: { id: 81, commit_id: sha }, pull_request: pull },
    [PULL, { type: 'comment', id: '81' }, { type: 'commit', id: sha }, ...WHERE],
  ],
  [
    'commit_comment',
    { comment: { id: 81, commit_id: sha } },
    [{ type: 'comment', id: '81' }, { type: 'commit', id: sha }, ...WHERE],
  ],
  ['label', { label }, [LABEL, ...WHERE]],
  ['milestone', { milestone }, [MILESTONE, ...WHERE]],
  ['discussion', { discussion }, [DISCUSSION, ...WHERE]],
  [
    'project',
    { project: { id: 91, name: 'Masts', number: 3 } },
    [{ type: 'project', id: '91', name: 'Masts' }, ...WHERE],
  ],
  ['project_card', { project_card: { id: 92 } }, [{ type: 'project_card', id: '92' }, ...WHERE]],
  [
    'project_column',
    { project_column: { id: 93, name: 'Done' } },
    [{ type: 'project_column', id: '93', name: 'Done' }, ...WHERE],
  ],
  [
    'projects_v2',
    { projects_v2: { id: 94, title: 'Masts' } },
    [{ type: 'project', id: '94', name: 'Masts' }, ...WHERE],
  ],
  ['projects_v2_item', { projects_v2_item: { id: 95 } }, [{ type: 'project_item', id: '95' }, ...WHERE]],
  [
    'projects_v2_status_update',
    { projects_v2_status_update: { id: 96 } },
    [{ type: 'project_status_update', id: '96' }, ...WHERE],
  ],
];

const rows: readonly Row[] = [
  ...objects.flatMap(([event, body, targets]) =>
    Object.entries(lifecycle).map(([action, type]) => [event, { action, ...body, ...inRepo }, type, targets] as Row),
  ),
  [
    'issue_comment',
    { action: 'edited', comment: { id: 81, body: 'no' }, issue, changes: { body: { from: 'yes' } }, ...inRepo },
    'update_resource',
    [ISSUE, { type: 'comment', id: '81' }, ...WHERE],
    [{ attribute: 'body', old: 'yes', new: 'no' }],
  ],
  [
    'issue_comment',
    { action: 'pinned', comment: { id: 81 }, issue, ...inRepo },
    'update_resource',
    [ISSUE, { type: 'comment', id: '81' }, ...WHERE],
  ],
  ['issues', { action: 'opened', issue, ...inRepo }, 'create_resource', [ISSUE, ...WHERE]],
  ['issues', { action: 'deleted', issue, ...inRepo }, 'delete_resource', [ISSUE, ...WHERE]],
  [
    'issues',
    { action: 'edited', issue, changes: { title: { from: 'Drifts' } }, ...inRepo },
    'update_resource',
    [ISSUE, ...WHERE],
    [{ attribute: 'title', old: 'Drifts', new: 'Drifts at altitude' }],
  ],
  [
    'issues',
    { action: 'closed', issue: { ...issue, state: 'closed', state_reason: 'not_planned' }, ...inRepo },
    'update_resource',
    [ISSUE, ...WHERE],
    [
      { attribute: 'state', new: 'closed' },
      { attribute: 'state_reason', new: 'not_planned' },
    ],
  ],
  [
    'issues',
    { action: 'assigned', issue, assignee: bo, ...inRepo },
    'update_resource',
    [BO, ISSUE, ...WHERE],
    [{ attribute: 'assignees', new: 'bo-larkin' }],
  ],
  [
    'issues',
    { action: 'unassigned', issue, assignee: bo, ...inRepo },
    'update_resource',
    [BO, ISSUE, ...WHERE],
    [{ attribute: 'assignees', old: 'bo-larkin' }],
  ],
  [
    'issues',
    { action: 'labeled', issue, label, ...inRepo },
    'update_resource',
    [ISSUE, LABEL, ...WHERE],
    [{ attribute: 'labels', new: 'urgent' }],
  ],
  [
    'issues',
    { action: 'demilestoned', issue, milestone, ...inRepo },
    'update_resource',
    [ISSUE, MILESTONE, ...WHERE],
    [{ attribute: 'milestone', old: 'Summer' }],
  ],
  [
    'issues',
    { action: 'locked', issue: { ...issue, active_lock_reason: 'too heated' }, ...inRepo },
    'update_resource',
    [ISSUE, ...WHERE],
    [],
    { reason: 'too heated' },
  ],
  [
    'issues',
    { action: 'typed', issue, type: { id: 6, name: 'Bug' }, ...inRepo },
    'update_resource',
    [ISSUE, { type: 'issue_type', id: '6', name: 'Bug' }, ...WHERE],
    [{ attribute: 'type', new: 'Bug' }],
  ],
  [
    'issues',
    {
      action: 'transferred',
      issue,
      changes: {
        new_issue: { id: 4100, number: 1, html_url: 'https://github.example.com/northwind-labs/vane/issues/1' },
        new_repository: { id: 8009, name: 'vane', full_name: 'northwind-labs/vane' },
      },
      ...inRepo,
    },
    'update_resource',
    [
      ISSUE,
      { type: 'issue', id: '4100', name: 'northwind-labs/vane#1' },
      REPO,
      { type: 'repository', id: '8009', name: 'northwind-labs/vane' },
      ORG,
    ],
    [
      { attribute: 'issue', new: 'northwind-labs/vane#1' },
      { attribute: 'repository', new: 'northwind-labs/vane' },
    ],
  ],
  [
    'sub_issues',
    { action: 'sub_issue_added', sub_issue: { id: 4101, number: 15 }, parent_issue: issue, ...inRepo },
    'update_resource',
    [{ type: 'issue', id: '4101', name: 'northwind-labs/barometer#15' }, ISSUE, ...WHERE],
  ],
  [
    'issue_dependencies',
    { action: 'blocked_by_added', blocked_issue: issue, blocking_issue: { id: 4101, number: 15 }, ...inRepo },
    'update_resource',
    [ISSUE, { type: 'issue', id: '4101', name: 'northwind-labs/barometer#15' }, ...WHERE],
  ],
  [
    'issue_relates_to',
    { action: 'relates_to_added', issue, related_issue: { id: 4101, number: 15 }, ...inRepo },
    'update_resource',
    [ISSUE, { type: 'issue', id: '4101', name: 'northwind-labs/barometer#15' }, ...WHERE],
  ],
  [
    'pull_request',
    { action: 'opened', number: 13, pull_request: pull, ...inRepo },
    'create_resource',
    [PULL, ...WHERE],
  ],
  [
    'pull_request',
    { action: 'closed', number: 13, pull_request: pull, ...inRepo },
    'update_resource',
    [PULL, ...WHERE],
    [
      { attribute: 'merged', new: 'true' },
      { attribute: 'state', new: 'closed' },
    ],
  ],
  [
    'pull_request',
    {
      action: 'edited',
      pull_request: { ...pull, base: { ref: 'trunk', sha: 'b'.repeat(40) } },
      changes: { base: { ref: { from: 'main' }, sha: { from: 'a'.repeat(40) } } },
      ...inRepo,
    },
    'update_resource',
    [PULL, ...WHERE],
    [
      { attribute: 'base.ref', old: 'main', new: 'trunk' },
      { attribute: 'base.sha', old: 'a'.repeat(40), new: 'b'.repeat(40) },
    ],
  ],
  [
    'pull_request',
    { action: 'synchronize', pull_request: pull, before: '1'.repeat(40), after: sha, ...inRepo },
    'update_resource',
    [PULL, { type: 'commit', id: sha }, ...WHERE],
    [{ attribute: 'head', old: '1'.repeat(40), new: sha }],
  ],
  [
    'pull_request',
    { action: 'review_requested', pull_request: pull, requested_reviewer: bo, ...inRepo },
    'update_resource',
    [BO, PULL, ...WHERE],
    [{ attribute: 'requested_reviewers', new: 'bo-larkin' }],
  ],
  [
    'pull_request',
    { action: 'review_request_removed', pull_request: pull, requested_team: team, ...inRepo },
    'update_resource',
    [TEAM, PULL, ...WHERE],
    [{ attribute: 'requested_teams', old: 'Field Engineers' }],
  ],
  [
    'pull_request',
    { action: 'dequeued', pull_request: pull, reason: 'CI_FAILURE', ...inRepo },
    'update_resource',
    [PULL, ...WHERE],
    [],
    { reason: 'CI_FAILURE' },
  ],
  [
    'pull_request_review',
    { action: 'submitted', review: { id: 82, state: 'approved' }, pull_request: pull, ...inRepo },
    'create_resource',
    [PULL, { type: 'review', id: '82' }, ...WHERE],
    [{ attribute: 'state', new: 'approved' }],
  ],
  [
    'pull_request_review',
    { action: 'dismissed', review: { id: 82, state: 'dismissed' }, pull_request: pull, ...inRepo },
    'update_resource',
    [PULL, { type: 'review', id: '82' }, ...WHERE],
    [{ attribute: 'state', new: 'dismissed' }],
  ],
  [
    'pull_request_review_thread',
    { action: 'resolved', thread: { node_id: 'PRRT_1' }, pull_request: pull, ...inRepo },
    'update_resource',
    [PULL, { type: 'review_thread', id: 'PRRT_1' }, ...WHERE],
  ],
  [
    'discussion',
    { action: 'category_changed', discussion, changes: { category: { from: { id: 1, name: 'General' } } }, ...inRepo },
    'update_resource',
    [DISCUSSION, ...WHERE],
    [{ attribute: 'category', old: 'General', new: 'Show and tell' }],
  ],
  [
    'milestone',
    { action: 'closed', milestone, ...inRepo },
    'update_resource',
    [MILESTONE, ...WHERE],
    [{ attribute: 'state', new: 'closed' }],
  ],
  [
    'project_card',
    { action: 'moved', project_card: { id: 92, column_id: 7 }, changes: { column_id: { from: 6 } }, ...inRepo },
    'update_resource',
    [{ type: 'project_card', id: '92' }, ...WHERE],
    [{ attribute: 'column_id', old: '6', new: '7' }],
  ],
  [
    'projects_v2_item',
    {
      action: 'edited',
      projects_v2_item: { id: 95 },
      changes: {
        field_value: { field_name: 'Status', from: { id: 'x', name: 'Todo' }, to: { id: 'y', name: 'Done' } },
      },
      organization: inRepo.organization,
    },
    'update_resource',
    [{ type: 'project_item', id: '95' }, ORG],
    [{ attribute: 'field_value', old: 'Todo', new: 'Done' }],
  ],
];

describe('working together', () => testRows(rows));
