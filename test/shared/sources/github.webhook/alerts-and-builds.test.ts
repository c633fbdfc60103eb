import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../../shared/json.ts';
import { EVENT_NAMES } from '../../../../shared/sources/github.webhook/actions.ts';
import { BO, bo, bot, factsOf, inRepo, ORG, REPO, type Row, TEAM, team, testRows } from './payloads.ts';

const WHERE = [REPO, ORG];
const sha = 'cd'.repeat(20);
const alertId = (kind: string) => `northwind-labs/barometer/${kind}/7`;
const finding = { number: 7, state: 'open', rule: { id: 'c/overflow' } };
const secretAlert = { number: 7, state: 'open', secret_type: 'mast_token', validity: 'active', publicly_leaked: false };
const SECRET_ALERT = { type: 'secret_scanning_alert', id: alertId('secret_scanning_alert'), name: 'mast_token' };
const SECRET_STATE = [
  { attribute: 'publicly_leaked', new: 'false' },
  { attribute: 'state', new: 'open' },
  { attribute: 'validity', new: 'active' },
];
const advisory = { ghsa_id: 'GHSA-aaaa-bbbb-cccc', summary: 'Pressure overflow' };
const ADVISORY = { type: 'security_advisory', id: 'GHSA-aaaa-bbbb-cccc', name: 'Pressure overflow' };
const run = { id: 101, name: 'unit', status: 'completed', conclusion: 'failure' };
const FAILED = [
  { attribute: 'conclusion', new: 'failure' },
  { attribute: 'status', new: 'completed' },
];
const deployment = { id: 102, environment: 'production' };
const DEPLOYMENT = { type: 'deployment', id: '102', name: 'production' };

const alerts: readonly Row[] = [
  [
    'code_scanning_alert',
    { action: 'created', alert: finding, ref: 'refs/heads/main', ...inRepo },
    'create_resource',
    [
      { type: 'code_scanning_alert', id: alertId('code_scanning_alert'), name: 'c/overflow' },
      { type: 'branch', name: 'main' },
      ...WHERE,
    ],
    [{ attribute: 'state', new: 'open' }],
  ],
  [
    'code_scanning_alert',
    {
      action: 'closed_by_user',
      alert: { ...finding, state: 'dismissed', dismissed_reason: "won't fix", dismissed_comment: 'dead code' },
      ...inRepo,
    },
    'update_resource',
    [{ type: 'code_scanning_alert', id: alertId('code_scanning_alert'), name: 'c/overflow' }, ...WHERE],
    [{ attribute: 'state', new: 'dismissed' }],
    { reason: "won't fix: dead code" },
  ],
  [
    'dependabot_alert',
    { action: 'created', alert: { number: 7, state: 'open', security_advisory: advisory }, ...inRepo },
    'create_resource',
    [{ type: 'dependabot_alert', id: alertId('dependabot_alert'), name: 'GHSA-aaaa-bbbb-cccc' }, ...WHERE],
    [{ attribute: 'state', new: 'open' }],
  ],
  [
    'secret_scanning_alert',
    { action: 'created', alert: secretAlert, ...inRepo },
    'create_resource',
    [SECRET_ALERT, ...WHERE],
    SECRET_STATE,
  ],
  [
    'secret_scanning_alert',
    { action: 'resolved', alert: { ...secretAlert, state: 'resolved', resolution: 'wont_fix' }, ...inRepo },
    'update_resource',
    [SECRET_ALERT, ...WHERE],
    [
      { attribute: 'publicly_leaked', new: 'false' },
      { attribute: 'resolution', new: 'wont_fix' },
      { attribute: 'state', new: 'resolved' },
      { attribute: 'validity', new: 'active' },
    ],
    { reason: 'wont_fix' },
  ],
  [
    'secret_scanning_alert',
    { action: 'assigned', alert: secretAlert, assignee: bo, ...inRepo },
    'update_resource',
    [BO, SECRET_ALERT, ...WHERE],
    [{ attribute: 'assignee', new: 'bo-larkin' }, ...SECRET_STATE],
  ],
  [
    'secret_scanning_alert_location',
    { action: 'created', alert: secretAlert, ...inRepo },
    null,
    [SECRET_ALERT, ...WHERE],
  ],
  ['secret_scanning_scan', { action: 'completed', type: 'backfill', source: 'git', ...inRepo }, null, WHERE],
  [
    'repository_vulnerability_alert',
    { action: 'create', alert: { id: 700, ghsa_id: 'GHSA-aaaa-bbbb-cccc' }, ...inRepo },
    'create_resource',
    [{ type: 'repository_vulnerability_alert', id: '700', name: 'GHSA-aaaa-bbbb-cccc' }, ...WHERE],
  ],
  [
    'repository_vulnerability_alert',
    { action: 'dismiss', alert: { id: 700, state: 'dismissed', dismiss_reason: 'no bandwidth' }, ...inRepo },
    'update_resource',
    [{ type: 'repository_vulnerability_alert', id: '700' }, ...WHERE],
    [{ attribute: 'state', new: 'dismissed' }],
    { reason: 'no bandwidth' },
  ],
  [
    'repository_advisory',
    { action: 'reported', repository_advisory: advisory, ...inRepo },
    'create_resource',
    [ADVISORY, ...WHERE],
  ],
  [
    'repository_advisory',
    { action: 'published', repository_advisory: advisory, ...inRepo },
    null,
    [ADVISORY, ...WHERE],
  ],
  [
    'security_advisory',
    { action: 'published', security_advisory: advisory, sender: null },
    null,
    [ADVISORY],
    [],
    { actor: { type: 'system' } },
  ],
];

const builds: readonly Row[] = [
  ...(['check_run', 'workflow_run', 'workflow_job'] as const).map(
    (event): Row => [
      event,
      { action: 'completed', [event]: run, ...inRepo },
      'update_resource',
      [{ type: event, id: '101', name: 'unit' }, ...WHERE],
      FAILED,
    ],
  ),
  ...(
    [
      ['check_run', 'created'],
      ['workflow_run', 'requested'],
      ['workflow_job', 'queued'],
    ] as const
  ).map(
    ([event, action]): Row => [
      event,
      { action, [event]: { id: 101, name: 'unit', status: 'queued', conclusion: null }, ...inRepo },
      'create_resource',
      [{ type: event, id: '101', name: 'unit' }, ...WHERE],
      [{ attribute: 'status', new: 'queued' }],
    ],
  ),
  [
    'check_suite',
    { action: 'completed', check_suite: { ...run, app: { name: 'Mast CI' } }, ...inRepo, sender: bot },
    'update_resource',
    [{ type: 'check_suite', id: '101', name: 'Mast CI' }, ...WHERE],
    FAILED,
    { actor: { id: '9003', name: 'mast-bot[bot]', type: 'service', role: 'Bot' } },
  ],
  ['deployment', { action: 'created', deployment, ...inRepo }, 'create_resource', [DEPLOYMENT, ...WHERE]],
  [
    'deployment_status',
    {
      action: 'created',
      deployment,
      deployment_status: { id: 103, state: 'failure', environment: 'production' },
      ...inRepo,
    },
    'update_resource',
    [DEPLOYMENT, { type: 'deployment_status', id: '103', name: 'production' }, ...WHERE],
    [{ attribute: 'state', new: 'failure' }],
  ],
  [
    'deployment_review',
    {
      action: 'approved',
      approver: bo,
      comment: 'looks calm',
      reviewers: [
        { type: 'Team', reviewer: team },
        { type: 'User', reviewer: bo },
      ],
      workflow_run: { id: 101, name: 'release' },
      ...inRepo,
    },
    'update_resource',
    [BO, TEAM, { type: 'workflow_run', id: '101', name: 'release' }, ...WHERE],
    [],
    { reason: 'looks calm' },
  ],
  [
    'deployment_protection_rule',
    { action: 'requested', deployment, ...inRepo },
    'update_resource',
    [DEPLOYMENT, ...WHERE],
  ],
  [
    'merge_group',
    {
      action: 'destroyed',
      reason: 'dequeued',
      merge_group: { head_sha: sha, head_ref: 'refs/heads/queue/main' },
      ...inRepo,
    },
    'update_resource',
    [{ type: 'merge_group', id: sha, name: 'refs/heads/queue/main' }, ...WHERE],
    [],
    { reason: 'dequeued' },
  ],
  [
    'status',
    { id: 104, sha, state: 'error', context: 'unit', ...inRepo },
    'update_resource',
    [{ type: 'commit', id: sha }, ...WHERE],
    [{ attribute: 'state', new: 'error' }],
  ],
];

const unmapped: readonly Row[] = [
  ['repository_dispatch', { action: 'refresh', branch: 'main', client_payload: {}, ...inRepo }, null, WHERE],
  [
    'workflow_dispatch',
    { ref: 'refs/heads/main', workflow: '.github/workflows/release.yml', inputs: {}, ...inRepo },
    null,
    [{ type: 'workflow', name: '.github/workflows/release.yml' }, { type: 'branch', name: 'main' }, ...WHERE],
  ],
  ['star', { action: 'created', starred_at: '2031-05-06T10:20:30Z', ...inRepo }, null, WHERE],
  ['star', { action: 'deleted', starred_at: null, ...inRepo }, null, WHERE],
  ['watch', { action: 'started', ...inRepo }, null, WHERE],
  ['sponsorship', { action: 'created', sponsorship: { sponsor: bo } }, null, [BO]],
  ['marketplace_purchase', { action: 'purchased', marketplace_purchase: { account: bo } }, null, [BO]],
  [
    'ping',
    { zen: 'Keep it calm.', hook: { id: 54, name: 'web' }, hook_id: 54 },
    null,
    [{ type: 'webhook', id: '54', name: 'web' }],
  ],
];

describe('alerts', () => testRows(alerts));
describe('builds and deployments', () => testRows(builds));
describe('no activity that the EMM has a word for', () => testRows(unmapped));

describe('events and actions that GitHub may add', () => {
  test.each([
    ['weather_report', 'created', 'create_resource'],
    ['weather_report', 'opened', 'create_resource'],
    ['weather_report', 'added', 'create_resource'],
    ['weather_report', 'published', 'create_resource'],
    ['weather_report', 'enabled', 'create_resource'],
    ['weather_report', 'deleted', 'delete_resource'],
    ['weather_report', 'removed', 'delete_resource'],
    ['weather_report', 'hailed', 'update_resource'],
    ['deploy_key', 'rotated', 'update_resource'],
    ['pull_request', 'teleported', 'update_resource'],
    ['constructor', 'hasOwnProperty', 'update_resource'],
    ['__proto__', 'created', 'create_resource'],
  ])('%s.%s is %s', (event, action, type) => {
    expect(factsOf(event, { action })).toMatchObject({ type, action: `${event}.${action}` });
  });

  test.each(['weather_report', 'toString', '__proto__'])('%s without an action is unmapped', (event) => {
    expect(factsOf(event, {})).toMatchObject({ type: null, action: event });
  });

  test('no event of the 76 that GitHub documents is missing', () => {
    expect(new Set(EVENT_NAMES).size).toBe(76);
  });
});

describe('the actor', () => {
  const actor = (sender: unknown) => factsOf('public', { sender: sender as null }).actor;

  test.each([
    ['User', 'user'],
    ['Mannequin', 'user'],
    ['Bot', 'service'],
    ['Organization', 'service'],
    ['Martian', 'unknown'],
    ['constructor', 'unknown'],
  ])('of type %s is a %s', (type, expected) => {
    expect(actor({ login: 'x', id: 1, type })).toEqual({ id: '1', name: 'x', type: expected, role: type });
  });

  test('who administers GitHub itself says so', () => {
    expect(actor({ login: 'x', id: 1, type: 'User', site_admin: true })).toMatchObject({ role: 'site_admin' });
  });

  test.each([['x'], [[]], [7]])('that is %j is unknown', (sender) => {
    expect(actor(sender)).toEqual({ type: 'unknown' });
  });

  test('keeps an id beyond 2^53 digit by digit', () => {
    expect(actor(parseJson('{"login":"x","id":9007199254740993123,"type":"User"}')).id).toBe('9007199254740993123');
  });
});
