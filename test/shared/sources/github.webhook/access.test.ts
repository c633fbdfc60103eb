import { describe, expect, test } from 'vitest';
import { BO, bo, factsOf, inRepo, ORG, org, REPO, type Row, repo, TEAM, team, testRows } from './payloads.ts';

const membership = (state: string, role: string) => ({ state, role, user: bo });
const grants = { pull: true, triage: false, push: true, maintain: false, admin: false };

const rows: readonly Row[] = [
  [
    'organization',
    { action: 'member_added', membership: membership('pending', 'admin'), organization: org },
    'add_to_group',
    [BO, ORG],
    [
      { attribute: 'role', new: 'admin' },
      { attribute: 'state', new: 'pending' },
    ],
  ],
  [
    'organization',
    { action: 'member_removed', membership: membership('inactive', 'unaffiliated'), organization: org },
    'remove_from_group',
    [BO, ORG],
    [
      { attribute: 'role', new: 'unaffiliated' },
      { attribute: 'state', new: 'inactive' },
    ],
  ],
  [
    'organization',
    {
      action: 'member_invited',
      invitation: { id: 31, login: null, email: 'cy@northwind.example', role: 'direct_member' },
      organization: org,
    },
    null,
    [{ type: 'invitation', id: '31', email: 'cy@northwind.example' }, ORG],
    [{ attribute: 'role', new: 'direct_member' }],
  ],
  [
    'organization',
    { action: 'renamed', changes: { login: { from: 'northwind' } }, organization: org },
    'update_group',
    [ORG],
    [{ attribute: 'login', old: 'northwind', new: 'northwind-labs' }],
  ],
  ['organization', { action: 'deleted', organization: org }, 'delete_group', [ORG]],
  [
    'member',
    {
      action: 'added',
      member: bo,
      changes: { permission: { to: 'write' }, role_name: { to: 'maintain' } },
      ...inRepo,
    },
    'add_to_group',
    [BO, REPO, ORG],
    [
      { attribute: 'permission', new: 'write' },
      { attribute: 'role_name', new: 'maintain' },
    ],
  ],
  ['member', { action: 'removed', member: bo, ...inRepo }, 'remove_from_group', [BO, REPO, ORG]],
  [
    'member',
    { action: 'edited', member: bo, changes: { old_permission: { from: 'write' } }, ...inRepo },
    'update_user',
    [BO, REPO, ORG],
    [{ attribute: 'permission', old: 'write' }],
  ],
  [
    'membership',
    { action: 'added', scope: 'team', member: bo, team, organization: org },
    'add_to_group',
    [BO, TEAM, ORG],
  ],
  [
    'membership',
    { action: 'removed', scope: 'team', member: bo, team, organization: org },
    'remove_from_group',
    [BO, TEAM, ORG],
  ],
  ['team', { action: 'created', team, organization: org }, 'create_group', [TEAM, ORG]],
  ['team', { action: 'deleted', team, organization: org }, 'delete_group', [TEAM, ORG]],
  [
    'team',
    {
      action: 'edited',
      team,
      changes: { name: { from: 'Installers' }, privacy: { from: 'secret' } },
      organization: org,
    },
    'update_group',
    [TEAM, ORG],
    [
      { attribute: 'name', old: 'Installers', new: 'Field Engineers' },
      { attribute: 'privacy', old: 'secret' },
    ],
  ],
  [
    'team',
    {
      action: 'edited',
      team,
      changes: { repository: { permissions: { from: { pull: true, push: false, admin: false } } } },
      organization: org,
      repository: { ...repo, permissions: grants },
    },
    'add_permission',
    [TEAM, REPO, ORG],
    [{ attribute: 'repository.permissions.push', old: 'false', new: 'true' }],
  ],
  [
    'team',
    {
      action: 'edited',
      team,
      changes: { repository: { permissions: { from: { pull: true, push: true, admin: true } } } },
      organization: org,
      repository: { ...repo, permissions: grants },
    },
    'remove_permission',
    [TEAM, REPO, ORG],
    [{ attribute: 'repository.permissions.admin', old: 'true', new: 'false' }],
  ],
  [
    'team',
    { action: 'added_to_repository', team, organization: org, repository: { ...repo, permissions: grants } },
    'add_permission',
    [TEAM, REPO, ORG],
    [{ attribute: 'permission', new: 'push' }],
  ],
  [
    'team',
    {
      action: 'removed_from_repository',
      team,
      organization: org,
      repository: { ...repo, permissions: { pull: false, push: false, admin: false } },
    },
    'remove_permission',
    [TEAM, REPO, ORG],
    [{ attribute: 'permission', new: 'none' }],
  ],
  [
    'team_add',
    { team, ...inRepo, repository: { ...repo, role_name: 'release-manager' } },
    'add_permission',
    [TEAM, REPO, ORG],
    [{ attribute: 'permission', new: 'release-manager' }],
  ],
  ['org_block', { action: 'blocked', blocked_user: bo, organization: org }, 'update_user', [BO, ORG]],
  ['org_block', { action: 'unblocked', blocked_user: bo, organization: org }, 'update_user', [BO, ORG]],
  ...(['approved', 'created', 'denied', 'cancelled'] as const).map(
    (action): Row => [
      'personal_access_token_request',
      {
        action,
        organization: org,
        personal_access_token_request: {
          id: 61,
          owner: bo,
          permissions_result: { repository: { contents: 'read' } },
          repository_selection: 'subset',
          repositories: [{ id: 8001, full_name: 'northwind-labs/barometer' }],
          token_id: 77,
          token_name: 'nightly export',
        },
      },
      action === 'approved' ? 'add_permission' : null,
      [BO, { type: 'access_token', id: '77', name: 'nightly export' }, ORG, REPO],
      [
        { attribute: 'permissions', new: '{"repository":{"contents":"read"}}' },
        { attribute: 'repository_selection', new: 'subset' },
      ],
    ],
  ),
];

describe('people, groups and rights', () => testRows(rows));

describe('member.edited', () => {
  const typeOf = (from: string, to: string) =>
    factsOf('member', { action: 'edited', member: bo, changes: { permission: { from, to } }, ...inRepo }).type;
  const ranked = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];
  const pairs = ranked.flatMap((lower, index) => ranked.slice(index + 1).map((higher) => [lower, higher] as const));

  test.each(pairs)('%s to %s adds rights', (lower, higher) => {
    expect(typeOf(lower, higher)).toBe('add_permission');
  });

  test.each(pairs.filter(([lower, higher]) => lower !== 'maintain' || higher !== 'admin'))(
    '%s from %s removes rights',
    (lower, higher) => {
      expect(typeOf(higher, lower)).toBe('remove_permission');
    },
  );

  test('admin to maintain is update_user, as in the example of the EMM', () => {
    expect(typeOf('admin', 'maintain')).toBe('update_user');
  });

  test.each([
    ['write', 'write'],
    ['write', 'push'],
    ['release-manager', 'admin'],
    ['read', 'release-manager'],
    ['constructor', '__proto__'],
  ])('%s to %s cannot be ranked', (from, to) => {
    expect(typeOf(from, to)).toBe('update_user');
  });

  test('a custom role that was a ranked one has no direction, but both names', () => {
    const { changes } = factsOf('member', {
      action: 'edited',
      member: bo,
      changes: { permission: { from: 'read', to: 'release-manager' } },
      ...inRepo,
    });
    expect(changes).toEqual([{ attribute: 'permission', old: 'read', new: 'release-manager' }]);
  });
});

test.each([
  ['User', 'user'],
  ['Bot', 'service'],
  ['Organization', 'organization'],
  ['Martian', 'user'],
  ['constructor', 'user'],
])('a member of type %s is a target of type %s', (type, expected) => {
  const { targets } = factsOf('member', { action: 'added', member: { ...bo, type } });
  expect(targets).toEqual([{ ...BO, type: expected }]);
});
