import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { type Event, event, logs, problem, rawCall, secretOf } from './support.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.close());

const FIELDS = 'id,time,type,category,action,outcome,actor,targets,ip,reason,tier,userAgent,raw';
const audit = (query: string, key = stack.key) =>
  stack.page(`source=annals.audit&limit=1000&fields=${FIELDS}&${query}`, key);
const idOf = (key: string) => `key_${key.split('_')[2]}`;
/** A tenant that nothing else happens in. */
let tenants = 0;
const fresh = async (scopes: ('ingest' | 'read' | 'admin')[] = ['ingest', 'read', 'admin']) => {
  tenants += 1;
  const tenant = `audit-${tenants}`;
  return { key: await stack.newKey({ tenant, scopes }), reader: await stack.newKey({ tenant, scopes: ['read'] }) };
};

describe('deleting events', () => {
  it('is refused and recorded, and the event is still there', async () => {
    const { key } = await fresh();
    const sent = await stack.call<{ ids: string[] }>('POST', '/v1/events', { key, body: event({ action: 'kept' }) });
    const id = sent.body.ids[0] ?? '';
    for (const path of [`/v1/events/${id}`, '/v1/events', '/v1/events/nope']) {
      const reply = await stack.call('DELETE', path, { key });
      expect(problem(reply, 405).detail).toBe('audit events cannot be deleted');
      expect(reply.headers.get('allow')).toBe('GET');
    }
    expect((await stack.call('GET', `/v1/events/${id}`, { key })).status).toBe(200);
    expect(await stack.page('action=kept', key)).toHaveLength(1);
    const recorded = await audit('action=event.delete', key);
    expect(recorded.map(({ targets }) => (targets as { id: string }[])[0]?.id).sort()).toEqual(
      [id, 'all', 'nope'].sort(),
    );
    expect(recorded[0]).toMatchObject({
      type: 'delete_resource',
      category: 'activity_audit',
      outcome: 'failure',
      actor: { type: 'service', id: idOf(key), name: 'test' },
      reason: 'audit events cannot be deleted',
      ip: '127.0.0.1',
      tier: 'indefinite',
    });
  });

  it.each([
    ['a slash at the end', '/v1/events/', 'all'],
    ['a huge id', `/v1/events/${'x'.repeat(9_000)}`, expect.stringMatching(/^x+/)],
    ['another script', '/v1/events/%F0%9F%91%A9', '👩'],
    ['markup', '/v1/events/%3Cb%3E', '<b>'],
    ['a NUL', '/v1/events/a%00b', 'a\u0000b'],
    ['parameters', '/v1/events/abc?force=true', 'abc'],
  ])('is recorded with who tried, whatever the path: %s', async (_, path, id) => {
    const { key, reader } = await fresh();
    const reply = await rawCall(stack, 'DELETE', path, { authorization: `Bearer ${key}` });
    expect(reply.status).toBe(405);
    const recorded = await audit('', reader);
    expect(recorded).toHaveLength(1);
    expect(recorded[0]).toMatchObject({
      action: 'event.delete',
      type: 'delete_resource',
      actor: { id: idOf(key) },
      targets: [{ type: 'event', id }],
    });
  });

  it('asks for a key like all else', async () => {
    problem(await stack.call('DELETE', '/v1/events/x', { key: null }), 401);
    problem(await stack.call('DELETE', '/v1/events', { key: 'annals_x' }), 401);
  });
});

describe('refused requests', () => {
  it('are recorded once a minute for a caller and a reason: no scope', async () => {
    const { key, reader } = await fresh(['ingest']);
    const other = await fresh(['ingest']);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      problem(await stack.call('GET', '/v1/events', { key, headers: { 'user-agent': `agent ${attempt}` } }), 403);
    }
    problem(await stack.call('GET', '/v1/keys', { key }), 403);
    const recorded = await audit('action=access.forbidden&order=oldest', reader);
    const reads = recorded.filter(({ reason }) => String(reason).includes('read'));
    expect(new Set(reads.map(({ time }) => time)).size).toBe(reads.length);
    expect(reads.length).toBeLessThanOrEqual(2);
    expect(reads[0]).toMatchObject({
      outcome: 'failure',
      actor: { type: 'service', id: idOf(key) },
      reason: 'this API key lacks the scope read',
      targets: [{ type: 'route', id: 'GET /v1/events' }],
      time: expect.stringMatching(/:00\.000Z$/),
      userAgent: 'agent 0',
    });
    expect(recorded.filter(({ reason }) => String(reason).includes('admin'))).toHaveLength(1);
    expect(await audit('', other.reader)).toEqual([]);
  });

  it('are recorded for a key that was revoked, has expired, or is nearly right, in its tenant', async () => {
    const { key, reader } = await fresh();
    const made = await stack.call<{ id: string; key: string }>('POST', '/v1/keys', {
      key,
      body: { name: 'gone', scopes: ['read'] },
    });
    const wrong = made.body.key.slice(0, -2) + (made.body.key.endsWith('--') ? 'xx' : '--');
    problem(await stack.call('GET', '/v1/sources', { key: wrong }), 401);
    await stack.call('DELETE', `/v1/keys/${made.body.id}`, { key });
    problem(await stack.call('GET', '/v1/sources', { key: made.body.key }), 401);
    const past = await stack.call<{ id: string; key: string }>('POST', '/v1/keys', {
      key,
      body: { name: 'past', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' },
    });
    problem(await stack.call('GET', '/v1/sources', { key: past.body.key }), 401);
    const recorded = await audit('action=access.unauthenticated', reader);
    expect(recorded.map(({ reason, actor }) => [reason, (actor as { id: string }).id]).sort()).toEqual(
      [
        ['API key wrong secret', `key_${made.body.id}`],
        ['API key revoked', `key_${made.body.id}`],
        ['API key expired', `key_${past.body.id}`],
      ].sort(),
    );
    for (const secret of [made.body.key, past.body.key, wrong]) {
      expect(JSON.stringify(recorded)).not.toContain(secretOf(secret));
    }
  });

  it('are recorded in the default tenant when nobody can tell whose they are', async () => {
    problem(await stack.call('GET', '/v1/connections', { key: null }), 401);
    problem(
      await stack.call('GET', '/v1/connections', { key: `annals_nobody_0123456789abcdef_${'s'.repeat(43)}` }),
      401,
    );
    const recorded = await audit('action=access.unauthenticated&target=GET%20/v1/connections');
    expect(new Set(recorded.map(({ reason }) => reason))).toEqual(new Set(['no API key', 'API key unknown']));
    for (const one of recorded) {
      expect(one).toMatchObject({ actor: { type: 'anonymous' }, outcome: 'failure', type: 'account_login' });
    }
    expect(JSON.stringify(recorded)).not.toContain('sssss');
  });

  it('are recorded with who asked, however long the name of what was asked', async () => {
    const tenant = 'audit-limited';
    const limited = await stack.newKey({ tenant, scopes: ['read'], sources: ['custom'] });
    const reader = await stack.newKey({ tenant, scopes: ['read'] });
    problem(await stack.call('GET', `/v1/events?source=${'x'.repeat(1_024)}`, { key: limited }), 403);
    expect(await audit('', reader)).toMatchObject([{ action: 'access.forbidden', actor: { id: idOf(limited) } }]);
  });

  it('are recorded though the caller sends a long or an odd user agent', async () => {
    const { key, reader } = await fresh(['ingest']);
    await rawCall(stack, 'GET', '/v1/keys', { authorization: `Bearer ${key}`, 'user-agent': 'a'.repeat(8_000) });
    await rawCall(stack, 'GET', '/v1/sources', { authorization: `Bearer ${key}`, 'user-agent': '\u00ff' });
    expect(await audit('action=access.forbidden', reader)).toHaveLength(2);
  });
});

describe('the audit log', () => {
  it('cannot be written from outside', async () => {
    const { key } = await fresh();
    problem(await stack.call('POST', '/v1/events', { key, body: event({ source: 'annals.audit' }) }), 400);
    const sent = await stack.call('POST', '/v1/events', {
      key,
      body: event({ product: 'annals', source: 'custom.audit' }),
    });
    expect(sent.status).toBe(202);
    expect(await audit('', key)).toEqual([]);
  });

  it('reaches the archive', async () => {
    const { key, reader } = await fresh();
    await stack.call('DELETE', '/v1/events/of-the-archive', { key });
    const [recorded] = (await audit('', reader)) as Event[];
    const rows = await stack.sql(`select action, actor_id, tier from events where id = '${recorded?.id}'`);
    expect(rows).toEqual([{ action: 'event.delete', actor_id: idOf(key), tier: 'indefinite' }]);
  });
});

it('no key occurs in the logs', () => {
  expect(logs(stack)).not.toMatch(/annals_[a-z0-9-]+_[0-9a-f]{16}_/);
  expect(logs(stack)).not.toContain(secretOf(stack.key));
});
