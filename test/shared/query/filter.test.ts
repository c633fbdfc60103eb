import { describe, expect, it } from 'vitest';
import type { CanonicalEvent } from '../../../shared/event/schema.ts';
import { type EventFilter, matches, parseEntityRef } from '../../../shared/query/filter.ts';

const event: CanonicalEvent = {
  id: '01JWN7R0S0ABCDEFGHJKMNPQRS',
  time: '2026-05-01T10:00:00.000Z',
  receivedAt: '2026-05-01T10:00:01.000Z',
  tenant: 'main',
  connection: 'gh',
  source: 'github.webhook',
  product: 'github',
  category: 'authorization',
  type: 'add_to_group',
  action: 'team.added',
  outcome: 'success',
  actor: { type: 'user', id: 'U1', name: 'Jane Roe', email: 'Jane@Example.com' },
  targets: [
    { type: 'group', id: 'g1', name: 'Admins' },
    { type: 'arn', id: 'arn:aws:iam::1:role/x' },
  ],
  ip: '203.0.113.7',
  session: 's1',
  changes: [{ attribute: 'Role', old: 'member', new: 'owner' }],
  tier: 'indefinite',
};
const untyped: CanonicalEvent = { ...event, type: null, category: null };

describe('matches', () => {
  it.each<[string, EventFilter]>([
    ['nothing asked', {}],
    ['any of several sources', { source: ['box.admin_logs', 'github.webhook'] }],
    ['type', { type: ['add_to_group'] }],
    ['from, inclusive', { from: '2026-05-01T10:00:00.000Z' }],
    ['actor by id, any case', { actor: parseEntityRef('u1') }],
    ['actor by e-mail, any case', { actor: parseEntityRef('jane@EXAMPLE.com') }],
    ['actor by kind', { actor: parseEntityRef('user:jane roe') }],
    ['target by name', { target: parseEntityRef('admins') }],
    ['target by kind', { target: parseEntityRef('group:g1') }],
    ['a value that holds a colon', { target: parseEntityRef('arn:aws:iam::1:role/x') }],
    ['entity that is the actor', { entity: parseEntityRef('user:u1') }],
    ['entity that is a target', { entity: parseEntityRef('admins') }],
    ['attribute, any case', { attribute: ['role'] }],
    ['text in a nested string', { q: 'EXAMPLE.c' }],
    ['text in a change', { q: 'owner' }],
  ])('finds by %s', (_what, filter) => {
    expect(matches(event, filter)).toBe(true);
  });

  it.each<[string, EventFilter]>([
    ['another source', { source: ['github.audit'] }],
    ['to, exclusive', { to: '2026-05-01T10:00:00.000Z' }],
    ['a later from', { from: '2026-05-01T10:00:00.001Z' }],
    ['an actor that is a target', { actor: parseEntityRef('g1') }],
    ['another kind', { entity: parseEntityRef('user:g1') }],
    ['part of a name', { actor: parseEntityRef('jane') }],
    ['another attribute', { attribute: ['name'] }],
    ['names of fields', { q: 'receivedAt' }],
    ['no type', { type: ['none'] }],
  ])('leaves out by %s', (_what, filter) => {
    expect(matches(event, filter)).toBe(false);
  });

  it('finds events that fit no type', () => {
    expect(matches(untyped, { type: ['none'], category: ['none'] })).toBe(true);
    expect(matches(untyped, { type: ['add_to_group'] })).toBe(false);
  });
});
