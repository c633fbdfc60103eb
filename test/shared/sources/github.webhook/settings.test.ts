import { describe } from 'vitest';
import { inRepo, ORG, org, REPO, type Row, repo, testRows } from './payloads.ts';

const ruleset = { id: 71, name: 'Release branches', enforcement: 'active', source_type: 'Repository' };
const RULESET = { type: 'ruleset', id: '71', name: 'Release branches' };
const rule = { id: 31, name: 'main', admin_enforced: false, authorized_actor_names: ['bo-larkin'] };
const RULE = { type: 'branch_protection_rule', id: '31', name: 'main' };
const installation = {
  id: 61,
  account: repo.owner,
  app_id: 44,
  app_slug: 'mast-bot',
  repository_selection: 'selected',
  permissions: { metadata: 'read', contents: 'write' },
  suspended_at: '2031-05-06T10:20:30Z',
};
const APP = [
  { type: 'app', id: '44', name: 'mast-bot' },
  { type: 'installation', id: '61', name: 'mast-bot' },
];
const LISTED = { type: 'repository', id: '8003', name: 'northwind-labs/anemometer' };
const listed = { id: 8003, full_name: 'northwind-labs/anemometer' };
const granted = '{"contents":"write","metadata":"read"}';

const rows: readonly Row[] = [
  [
    'repository_ruleset',
    { action: 'created', repository_ruleset: ruleset, ...inRepo },
    'create_security_configuration',
    [RULESET, REPO, ORG],
    [{ attribute: 'enforcement', new: 'active' }],
  ],
  [
    'repository_ruleset',
    {
      action: 'edited',
      repository_ruleset: { ...ruleset, enforcement: 'disabled' },
      changes: {
        enforcement: { from: 'active' },
        rules: { added: [], deleted: [{ type: 'deletion' }], updated: [{ rule: { type: 'creation' } }] },
      },
      ...inRepo,
    },
    'update_security_configuration',
    [RULESET, REPO, ORG],
    [
      { attribute: 'enforcement', old: 'active', new: 'disabled' },
      { attribute: 'rules.added', new: '[]' },
      { attribute: 'rules.deleted', old: '[{"type":"deletion"}]' },
      { attribute: 'rules.updated', new: '[{"rule":{"type":"creation"}}]' },
    ],
  ],
  [
    'repository_ruleset',
    { action: 'deleted', repository_ruleset: ruleset, organization: org },
    'delete_security_configuration',
    [RULESET, ORG],
    [{ attribute: 'enforcement', old: 'active' }],
  ],
  [
    'branch_protection_rule',
    { action: 'created', rule, ...inRepo },
    'create_security_configuration',
    [RULE, REPO, ORG],
  ],
  [
    'branch_protection_rule',
    {
      action: 'edited',
      rule,
      changes: { admin_enforced: { from: true }, authorized_actor_names: { from: [] }, lock_branch: { from: null } },
      ...inRepo,
    },
    'update_security_configuration',
    [RULE, REPO, ORG],
    [
      { attribute: 'admin_enforced', old: 'true', new: 'false' },
      { attribute: 'authorized_actor_names', old: '[]', new: '["bo-larkin"]' },
      { attribute: 'lock_branch' },
    ],
  ],
  [
    'branch_protection_rule',
    { action: 'deleted', rule, ...inRepo },
    'delete_security_configuration',
    [RULE, REPO, ORG],
  ],
  ['branch_protection_configuration', { action: 'enabled', ...inRepo }, 'create_security_configuration', [REPO, ORG]],
  ['branch_protection_configuration', { action: 'disabled', ...inRepo }, 'delete_security_configuration', [REPO, ORG]],
  [
    'security_and_analysis',
    {
      changes: {
        from: {
          security_and_analysis: { secret_scanning: { status: 'enabled' }, advanced_security: { status: 'enabled' } },
        },
      },
      organization: org,
      repository: {
        ...repo,
        security_and_analysis: { secret_scanning: { status: 'disabled' }, advanced_security: { status: 'enabled' } },
      },
    },
    'update_security_configuration',
    [REPO, ORG],
    [{ attribute: 'security_and_analysis.secret_scanning.status', old: 'enabled', new: 'disabled' }],
  ],
  [
    'installation',
    { action: 'created', installation, repositories: [listed] },
    'create_integration',
    [ORG, ...APP, LISTED],
    [
      { attribute: 'permissions', new: granted },
      { attribute: 'repository_selection', new: 'selected' },
    ],
  ],
  [
    'installation',
    { action: 'new_permissions_accepted', installation },
    'update_integration',
    [ORG, ...APP],
    [
      { attribute: 'permissions', new: granted },
      { attribute: 'repository_selection', new: 'selected' },
    ],
  ],
  [
    'installation',
    { action: 'suspend', installation },
    'update_integration',
    [ORG, ...APP],
    [{ attribute: 'suspended_at', new: '2031-05-06T10:20:30Z' }],
  ],
  [
    'installation',
    { action: 'unsuspend', installation: { ...installation, suspended_at: null } },
    'update_integration',
    [ORG, ...APP],
  ],
  [
    'installation',
    { action: 'deleted', installation },
    'delete_integration',
    [ORG, ...APP],
    [{ attribute: 'permissions', old: granted }],
  ],
  ...(['added', 'removed'] as const).map(
    (action): Row => [
      'installation_repositories',
      { action, installation, repository_selection: 'selected', [`repositories_${action}`]: [listed] },
      'update_integration',
      [ORG, ...APP, LISTED],
      [{ attribute: 'repository_selection', new: 'selected' }],
    ],
  ),
  [
    'installation_target',
    {
      action: 'renamed',
      account: repo.owner,
      changes: { login: { from: 'northwind' } },
      target_type: 'Organization',
      installation: { id: 61 },
    },
    'update_integration',
    [ORG, { type: 'installation', id: '61' }],
    [{ attribute: 'login', old: 'northwind', new: 'northwind-labs' }],
  ],
  ['github_app_authorization', { action: 'revoked' }, 'delete_integration', []],
  [
    'meta',
    { action: 'deleted', hook_id: 54, hook: { id: 54, name: 'web', events: ['*'] }, organization: org },
    'delete_integration',
    [{ type: 'webhook', id: '54', name: 'web' }, ORG],
  ],
  // An App's deliveries all name its installation: that is who listens, not what was done.
  [
    'public',
    { ...inRepo, installation: { id: 61 } },
    'update_resource',
    [REPO, ORG],
    [
      { attribute: 'private', new: 'true' },
      { attribute: 'visibility', new: 'private' },
    ],
  ],
];

describe('security settings, apps and hooks', () => testRows(rows));
