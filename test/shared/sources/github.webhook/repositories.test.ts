import { describe, expect, test } from 'vitest';
import { normalize } from '../../../../shared/sources/github.webhook/normalize.ts';
import { factsOf, inRepo, ORG, org, payload, REPO, type Row, repo, testRows } from './payloads.ts';

const before = '1'.repeat(40);
const after = '2'.repeat(40);
const none = '0'.repeat(40);
const COMMIT = { type: 'commit', id: after };
const release = { id: 21, tag_name: 'v2.1', name: null, draft: false };
const bundle = { id: 22, name: 'barometer-cli', package_type: 'npm' };

const rows: readonly Row[] = [
  [
    'repository',
    { action: 'created', ...inRepo },
    'create_resource',
    [REPO, ORG],
    [
      { attribute: 'private', new: 'true' },
      { attribute: 'visibility', new: 'private' },
    ],
  ],
  ['repository', { action: 'deleted', ...inRepo }, 'delete_resource', [REPO, ORG]],
  [
    'repository',
    { action: 'publicized', ...inRepo, repository: { ...repo, private: false, visibility: 'public' } },
    'update_resource',
    [REPO, ORG],
    [
      { attribute: 'private', new: 'false' },
      { attribute: 'visibility', new: 'public' },
    ],
  ],
  [
    'repository',
    { action: 'privatized', ...inRepo },
    'update_resource',
    [REPO, ORG],
    [
      { attribute: 'private', new: 'true' },
      { attribute: 'visibility', new: 'private' },
    ],
  ],
  [
    'repository',
    { action: 'archived', ...inRepo, repository: { ...repo, archived: true } },
    'update_resource',
    [REPO, ORG],
    [{ attribute: 'archived', new: 'true' }],
  ],
  [
    'repository',
    { action: 'unarchived', ...inRepo, repository: { ...repo, archived: false } },
    'update_resource',
    [REPO, ORG],
    [{ attribute: 'archived', new: 'false' }],
  ],
  [
    'repository',
    {
      action: 'edited',
      changes: { default_branch: { from: 'main' }, topics: { from: ['a'] }, description: { from: null } },
      organization: org,
      repository: { ...repo, default_branch: 'trunk', topics: ['a', 'b'], description: '' },
    },
    'update_resource',
    [REPO, ORG],
    [
      { attribute: 'default_branch', old: 'main', new: 'trunk' },
      { attribute: 'description', new: '' },
      { attribute: 'topics', old: '["a"]', new: '["a","b"]' },
    ],
  ],
  [
    'repository',
    { action: 'renamed', changes: { repository: { name: { from: 'gauge' } } }, ...inRepo },
    'update_resource',
    [REPO, ORG],
    [{ attribute: 'repository.name', old: 'gauge', new: 'barometer' }],
  ],
  [
    'repository',
    { action: 'transferred', changes: { owner: { from: { user: { login: 'bo-larkin', id: 9002 } } } }, ...inRepo },
    'update_resource',
    [REPO, ORG],
    [{ attribute: 'owner', old: 'bo-larkin', new: 'northwind-labs' }],
  ],
  [
    'public',
    { ...inRepo, repository: { ...repo, private: false, visibility: 'public' } },
    'update_resource',
    [REPO, ORG],
    [
      { attribute: 'private', new: 'false' },
      { attribute: 'visibility', new: 'public' },
    ],
  ],
  [
    'repository_import',
    { status: 'success', ...inRepo },
    'create_resource',
    [REPO, ORG],
    [{ attribute: 'status', new: 'success' }],
  ],
  [
    'repository_import',
    { status: 'cancelled', ...inRepo },
    'create_resource',
    [REPO, ORG],
    [{ attribute: 'status', new: 'cancelled' }],
    { outcome: 'failure' },
  ],
  ['repository_import', inRepo, 'create_resource', [REPO, ORG], [], { outcome: 'unknown' }],
  [
    'fork',
    { forkee: { id: 8002, full_name: 'bo-larkin/barometer' }, ...inRepo },
    'create_resource',
    [REPO, { type: 'repository', id: '8002', name: 'bo-larkin/barometer' }, ORG],
  ],
  [
    'deploy_key',
    {
      action: 'created',
      key: { id: 66, title: 'mast controller', key: 'ssh-ed25519 AAAA', read_only: false },
      ...inRepo,
    },
    'create_resource',
    [{ type: 'deploy_key', id: '66', name: 'mast controller' }, REPO, ORG],
    [{ attribute: 'read_only', new: 'false' }],
  ],
  [
    'deploy_key',
    { action: 'deleted', key: { id: 66, title: 'mast controller', read_only: true }, ...inRepo },
    'delete_resource',
    [{ type: 'deploy_key', id: '66', name: 'mast controller' }, REPO, ORG],
    [{ attribute: 'read_only', old: 'true' }],
  ],
  ...(['created', 'deleted', 'updated', 'promote_to_enterprise'] as const).map(
    (action): Row => [
      'custom_property',
      { action, definition: { property_name: 'criticality' }, enterprise: { id: 3, slug: 'northwind' } },
      action === 'created' ? 'create_resource' : action === 'deleted' ? 'delete_resource' : 'update_resource',
      [
        { type: 'custom_property', name: 'criticality' },
        { type: 'enterprise', id: '3', name: 'northwind' },
      ],
    ],
  ),
  [
    'custom_property_values',
    {
      action: 'updated',
      old_property_values: [{ property_name: 'criticality', value: 'low' }],
      new_property_values: [
        { property_name: 'criticality', value: 'high' },
        { property_name: 'owners', value: ['a', 'b'] },
      ],
      ...inRepo,
    },
    'update_resource',
    [REPO, ORG],
    [
      { attribute: 'criticality', old: 'low', new: 'high' },
      { attribute: 'owners', new: '["a","b"]' },
    ],
  ],
  [
    'create',
    { ref: 'release/2.1', ref_type: 'branch', pusher_type: 'user', ...inRepo },
    'create_resource',
    [{ type: 'branch', name: 'release/2.1' }, REPO, ORG],
  ],
  [
    'delete',
    { ref: 'v2.1', ref_type: 'tag', pusher_type: 'deploy_key', ...inRepo },
    'delete_resource',
    [{ type: 'tag', name: 'v2.1' }, REPO, ORG],
    [],
    { credential: { type: 'deploy_key' } },
  ],
  [
    'push',
    { ref: 'refs/heads/main', before, after, forced: true, ...inRepo },
    'update_resource',
    [{ type: 'branch', name: 'main' }, COMMIT, REPO, ORG],
    [
      { attribute: 'forced', new: 'true' },
      { attribute: 'head', old: before, new: after },
    ],
  ],
  [
    'push',
    { ref: 'refs/tags/v2.1', before, after: none, forced: false, deleted: true, ...inRepo },
    'update_resource',
    [{ type: 'tag', name: 'v2.1' }, REPO, ORG],
    [
      { attribute: 'forced', new: 'false' },
      { attribute: 'head', old: before },
    ],
  ],
  ...(['created', 'published', 'deleted', 'released', 'prereleased', 'unpublished'] as const).map(
    (action): Row => [
      'release',
      { action, release, ...inRepo },
      action === 'created' || action === 'published'
        ? 'create_resource'
        : action === 'deleted'
          ? 'delete_resource'
          : 'update_resource',
      [{ type: 'release', id: '21', name: 'v2.1' }, REPO, ORG],
    ],
  ),
  ...(['package', 'registry_package'] as const).flatMap((event): Row[] => [
    [
      event,
      { action: 'published', [event]: bundle, ...inRepo },
      'create_resource',
      [{ type: 'package', id: '22', name: 'barometer-cli' }, REPO, ORG],
    ],
    [
      event,
      { action: 'updated', [event]: bundle, ...inRepo },
      'update_resource',
      [{ type: 'package', id: '22', name: 'barometer-cli' }, REPO, ORG],
    ],
  ]),
  [
    'page_build',
    { id: 515, build: { status: 'errored', error: { message: 'no index' } }, ...inRepo },
    'update_resource',
    [{ type: 'page_build', id: '515' }, REPO, ORG],
    [{ attribute: 'status', new: 'errored' }],
    { reason: 'no index' },
  ],
];

describe('repositories and what is in them', () => testRows(rows));

describe('the actor of a push', () => {
  const push = { ref: 'refs/heads/main', before, after, ...inRepo };

  test('has the e-mail address that only the pusher has', () => {
    expect(factsOf('push', { ...push, pusher: { name: 'ada-quill', email: 'ada@northwind.example' } }).actor).toEqual({
      id: '9001',
      name: 'ada-quill',
      email: 'ada@northwind.example',
      type: 'user',
      role: 'User',
    });
  });

  test('has no e-mail address of someone else', () => {
    const { actor } = factsOf('push', { ...push, pusher: { name: 'bo-larkin', email: 'bo@northwind.example' } });
    expect(actor).not.toHaveProperty('email');
  });

  test('is the pusher when there is no sender', () => {
    expect(
      factsOf('push', { ...push, sender: null, pusher: { name: 'bo-larkin', email: 'bo@x.example' } }).actor,
    ).toEqual({
      name: 'bo-larkin',
      email: 'bo@x.example',
      type: 'user',
    });
  });
});

describe('gollum', () => {
  const page = (page_name: string, action: string, sha: string) => ({ page_name, action, sha });
  const mapped = (...pages: ReturnType<typeof page>[]) => normalize(payload('gollum', { pages, ...inRepo }));

  test('is one event for each page, with only that page in it', () => {
    const events = mapped(page('Home', 'edited', 'abc'), page('Siting', 'created', 'abc'));
    expect(
      events.map(({ facts, vendorId, raw }) => [facts.action, facts.type, facts.targets, vendorId, raw['pages']]),
    ).toEqual([
      [
        'gollum.edited',
        'update_resource',
        [{ type: 'wiki_page', name: 'Home' }, REPO, ORG],
        'Home@abc',
        [page('Home', 'edited', 'abc')],
      ],
      [
        'gollum.created',
        'create_resource',
        [{ type: 'wiki_page', name: 'Siting' }, REPO, ORG],
        'Siting@abc',
        [page('Siting', 'created', 'abc')],
      ],
    ]);
  });

  test('gives every page an id of its own, the same each time', () => {
    const pages = [page('Home', 'edited', 'abc'), page('Home', 'edited', 'abc'), page('Home', 'edited', 'abd')];
    const ids = mapped(...pages).map(({ vendorId }) => vendorId);
    expect(ids).toEqual(['Home@abc', 'Home@abc#1', 'Home@abd']);
    expect(mapped(...pages).map(({ vendorId }) => vendorId)).toEqual(ids);
  });

  test('without readable pages is one event with everything in it', () => {
    const raw = payload('gollum', { pages: ['Home', { page_name: 'Siting', action: 'edited' }], ...inRepo });
    expect(normalize(raw)).toMatchObject([{ raw, facts: { type: null, action: 'gollum' } }]);
  });
});
