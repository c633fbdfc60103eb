import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { actions, type Event, event, logs, pathsOf, problem, SECRET, secretOf } from './support.ts';

interface Key {
  readonly id: string;
  readonly name: string;
  readonly scopes: string[];
  readonly key: string;
  readonly tenant: string;
}

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.close());

const make = (body: object, key = stack.key): Promise<Reply<Key>> => stack.call('POST', '/v1/keys', { body, key });
const list = async (key = stack.key) =>
  (await stack.call<{ keys: Record<string, unknown>[] }>('GET', '/v1/keys', { key })).body.keys;
const HOUR = 3_600_000;

describe('keys', () => {
  it('are shown once, and listed without their secret', async () => {
    const expiresAt = new Date(Date.now() + HOUR).toISOString();
    const made = await make({ name: 'Bücher ☃', scopes: ['read'], sources: ['custom.books'], expiresAt });
    expect(made.status).toBe(201);
    const { key, ...shown } = made.body;
    expect(key).toMatch(/^annals_main_[0-9a-f]{16}_[A-Za-z0-9-]{43}$/);
    expect(shown).toEqual({
      id: key.split('_')[2],
      tenant: 'main',
      name: 'Bücher ☃',
      scopes: ['read'],
      sources: ['custom.books'],
      expiresAt,
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: null,
    });
    const { text } = await stack.call('GET', '/v1/keys');
    expect(text).not.toContain(secretOf(key));
    expect(text).not.toMatch(/hash/i);
    expect((await list()).find(({ id }) => id === made.body.id)).toEqual(shown);
    const [audit] = await stack.page(
      `source=annals.audit&action=key.create&target=key_${made.body.id}&fields=targets,changes,raw`,
    );
    expect(audit).toMatchObject({ targets: [{ type: 'api_key', id: `key_${made.body.id}`, name: 'Bücher ☃' }] });
    expect(JSON.stringify(audit)).not.toContain(secretOf(key));
  });

  it.each<[object | string, string[]]>([
    [{}, ['name', 'scopes']],
    [{ name: '', scopes: [], sources: [], expiresAt: 'soon' }, ['expiresAt', 'name', 'scopes', 'sources']],
    [{ name: 'x', scopes: ['root'] }, ['scopes.0']],
    [{ name: 'x', scopes: ['read'], tenant: 'other' }, ['tenant']],
    [{ name: 'x', scopes: ['read'], sources: ['a#b', 'A', ''] }, ['sources.0', 'sources.1', 'sources.2']],
    [{ name: 'x'.repeat(129), scopes: ['read'] }, ['name']],
    [[], ['']],
    ['null', ['']],
    ['{"name":"x","scopes":["read"],"__proto__":{"tenant":"other"}}', ['__proto__']],
    ['{', []],
    ['', []],
    ['['.repeat(200_000), []],
    [`{"name":${'['.repeat(200_000)}${']'.repeat(200_000)},"scopes":["read"]}`, ['name']],
  ])('are not made of what is not valid (%#)', async (body, paths) => {
    expect(pathsOf((await make(body as object)) as never).sort()).toEqual(paths);
  });

  it('are listed with when they were last used', async () => {
    const before = Date.now();
    const used = (await make({ name: 'used', scopes: ['ingest'] })).body;
    const refused = (
      await make({ name: 'refused', scopes: ['read'], expiresAt: new Date(before - HOUR).toISOString() })
    ).body;
    expect((await stack.call('POST', '/v1/events', { key: used.key, body: event() })).status).toBe(202);
    problem(await stack.call('GET', '/v1/events', { key: refused.key }), 401);
    const lastUsed = new Map((await list()).map(({ id, lastUsedAt }) => [id, lastUsedAt]));
    expect(Date.parse(String(lastUsed.get(used.id)))).toBeGreaterThanOrEqual(before);
    expect(lastUsed.get(refused.id)).toBeNull();
  });

  it('are refused at once when revoked, also by themselves', async () => {
    const { id, key } = (await make({ name: 'short', scopes: ['read', 'admin'] })).body;
    expect((await stack.call('GET', '/v1/events', { key })).status).toBe(200);
    const gone = await stack.call('DELETE', `/v1/keys/${id}`, { key });
    expect(gone.status).toBe(204);
    expect(gone.headers.get('x-request-id')).toMatch(/\S/);
    for (const path of ['/v1/events', '/v1/sources', '/v1/keys', '/v1/connections']) {
      problem(await stack.call('GET', path, { key }), 401);
    }
    problem(await stack.call('POST', '/v1/events', { key, body: event() }), 401);
    expect((await list()).find((one) => one['id'] === id)).toHaveProperty('revokedAt');
    expect((await stack.call('DELETE', `/v1/keys/${id}`)).status).toBe(204);
  });

  it('are refused at once when expired', async () => {
    const { key } = (await make({ name: 'past', scopes: ['read'], expiresAt: new Date(Date.now() - 1).toISOString() }))
      .body;
    problem(await stack.call('GET', '/v1/events', { key }), 401);
    const soon = Date.now() + 800;
    const short = (await make({ name: 'soon', scopes: ['read'], expiresAt: new Date(soon).toISOString() })).body.key;
    const first = await stack.call('GET', '/v1/sources', { key: short });
    if (Date.now() < soon) expect(first.status).toBe(200);
    await expect
      .poll(() => stack.call('GET', '/v1/sources', { key: short }), { timeout: 5_000 })
      .toMatchObject({ status: 401 });
    expect(Date.now()).toBeGreaterThanOrEqual(soon);
  });

  it.each([
    ['another', '0'.repeat(16)],
    ['a short one', 'x'],
    ['a NUL', '%00'],
    ['dots', '%2e%2e%2e'],
    ['a space', '%20'],
    ['a hash', 'a%23b'],
    ['a long one', 'x'.repeat(2_000)],
    ['a longer one', 'x'.repeat(9_000)],
    ['another script', '%F0%9F%91%A9'],
  ])('that are not there cannot be revoked: %s', async (_, id) => {
    problem(await stack.call('DELETE', `/v1/keys/${id}`), 404);
  });
});

describe('callers', () => {
  it.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['no scheme', { authorization: 'annals_main_0123456789abcdef_x' }],
    ['no value', { authorization: 'Bearer ' }],
    ['a made-up key', { authorization: `Bearer annals_main_0123456789abcdef_${'x'.repeat(43)}` }],
    ['a malformed key', { authorization: 'Bearer annals_main_x' }],
    ['a key of nobody', { authorization: `Bearer annals_nobody_0123456789abcdef_${'x'.repeat(43)}` }],
    ['a long key', { authorization: `Bearer ${'x'.repeat(8_000)}` }],
    ['bytes beyond ASCII', { authorization: 'Bearer annals_main_\u00e4\u00ff' }],
  ])('with %s are answered 401', async (_, headers) => {
    for (const [method, path] of [
      ['GET', '/v1/events'],
      ['POST', '/v1/events'],
      ['GET', '/v1/keys'],
      ['DELETE', '/v1/events/x'],
    ] as const) {
      const reply = await stack.call(method, path, { key: null, headers, ...(method === 'POST' && { body: event() }) });
      problem(reply, 401);
      expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('with a changed secret are answered 401', async () => {
    const last = stack.key.at(-1) === 'A' ? 'B' : 'A';
    problem(await stack.call('GET', '/v1/events', { key: stack.key.slice(0, -1) + last }), 401);
    problem(await stack.call('GET', '/v1/events', { key: stack.key.replace('_main_', '_other_') }), 401);
    problem(await stack.call('GET', '/v1/events', { key: `${stack.key}x` }), 401);
  });

  it('may write bearer as they like', async () => {
    const reply = await stack.call('GET', '/v1/sources', {
      key: null,
      headers: { authorization: `bEARER  ${stack.key}` },
    });
    expect(reply.status).toBe(200);
  });

  it.each<[string, string, Record<string, number>]>([
    ['POST', '/v1/events', { ingest: 202, read: 403, admin: 403 }],
    ['GET', '/v1/events', { ingest: 403, read: 200, admin: 403 }],
    ['GET', '/v1/events/00000000000000000000000000', { ingest: 403, read: 404, admin: 403 }],
    ['GET', '/v1/sources', { ingest: 403, read: 200, admin: 200 }],
    ['GET', '/v1/keys', { ingest: 403, read: 403, admin: 200 }],
    ['POST', '/v1/keys', { ingest: 403, read: 403, admin: 400 }],
    ['DELETE', '/v1/keys/0123456789abcdef', { ingest: 403, read: 403, admin: 404 }],
    ['GET', '/v1/connections', { ingest: 403, read: 403, admin: 200 }],
    ['POST', '/v1/connections', { ingest: 403, read: 403, admin: 400 }],
    ['GET', '/v1/connections/nope', { ingest: 403, read: 403, admin: 404 }],
    ['PATCH', '/v1/connections/nope', { ingest: 403, read: 403, admin: 404 }],
    ['DELETE', '/v1/connections/nope', { ingest: 403, read: 403, admin: 404 }],
    ['DELETE', '/v1/events', { ingest: 405, read: 405, admin: 405 }],
  ])('need the scope for %s %s', async (method, path, expected) => {
    for (const [scope, status] of Object.entries(expected)) {
      const key = await stack.newKey({ tenant: 'scopes', scopes: [scope as 'read'] });
      const body = method === 'POST' || method === 'PATCH' ? { body: path === '/v1/events' ? event() : {} } : {};
      const reply = await stack.call(method, path, { key, ...body });
      if (status >= 400) problem(reply, status);
      else expect({ scope, status: reply.status }).toEqual({ scope, status });
    }
  });
});

describe('a key limited to sources', () => {
  let limited: string;
  let ids: Record<string, string>;
  beforeAll(async () => {
    limited = await stack.newKey({ tenant: 'limits', sources: ['custom.a', 'custom.b'], scopes: ['ingest', 'read'] });
    const whole = await stack.newKey({ tenant: 'limits' });
    const sources = ['custom.a', 'custom.b', 'custom.c', 'custom'];
    const body = sources.map((source) => event({ source, action: source }));
    const sent = await stack.call<{ ids: string[] }>('POST', '/v1/events', { key: whole, body });
    ids = Object.fromEntries(sources.map((source, index) => [source, sent.body.ids[index] ?? '']));
  });

  it('reads these alone, whatever is asked', async () => {
    const read = async (query: string) => actions(await stack.page(query, limited)).sort();
    expect(await read('')).toEqual(['custom.a', 'custom.b']);
    expect(await read('actor=jane@example.com')).toEqual(['custom.a', 'custom.b']);
    expect(await read('q=custom')).toEqual(['custom.a', 'custom.b']);
    expect(await read('source=custom.b')).toEqual(['custom.b']);
    expect(await read('action=custom.c')).toEqual([]);
    for (const query of ['source=custom.c', 'source=custom.a&source=custom', 'source=annals.audit']) {
      problem(await stack.call('GET', `/v1/events?${query}`, { key: limited }), 403);
    }
  });

  it('finds no other event by its id', async () => {
    expect((await stack.call('GET', `/v1/events/${ids['custom.a']}`, { key: limited })).status).toBe(200);
    problem(await stack.call('GET', `/v1/events/${ids['custom.c']}`, { key: limited }), 404);
    problem(await stack.call('GET', `/v1/events/${ids['custom']}`, { key: limited }), 404);
  });

  it('sees no other source', async () => {
    const reply = await stack.call<{ sources: { name: string }[] }>('GET', '/v1/sources', { key: limited });
    expect(reply.body.sources.map(({ name }) => name)).toEqual(['custom.a', 'custom.b']);
    const page = await stack.call<{ incomplete: { source: string }[] }>('GET', '/v1/events?from=2020-01-01', {
      key: limited,
    });
    expect(page.body.incomplete.map(({ source }) => source)).toEqual(['custom.a', 'custom.b']);
  });

  it('sends these alone, and nothing of a body with others', async () => {
    const tenant = 'senders';
    const key = await stack.newKey({ tenant, sources: ['custom.a', 'custom.b'], scopes: ['ingest'] });
    const send = (body: object, query = '') => stack.call('POST', `/v1/events${query}`, { key, body });
    expect((await send(event({ source: 'custom.a', action: 'sent' }))).status).toBe(202);
    const body = [event({ source: 'custom.a', action: 'not sent' }), event({ source: 'custom.c', action: 'not sent' })];
    problem(await send(body), 403);
    problem(await send(body, '?partial=true'), 403);
    problem(await send(event({ action: 'not sent' })), 403);
    const reader = await stack.newKey({ tenant, scopes: ['read'] });
    expect(actions(await stack.page('source=custom.a&source=custom.c&source=custom', reader))).toEqual(['sent']);
  });
});

describe('tenants', () => {
  let a: string;
  let b: string;
  let eventOfB: Event;
  let keyOfB: Key;
  beforeAll(async () => {
    a = await stack.newKey({ tenant: 'tenant-a' });
    b = await stack.newKey({ tenant: 'tenant-b' });
    const body = event({ id: 'shared', action: 'of b', time: '2026-05-01T00:00:00Z' });
    const sent = await stack.call<{ ids: string[] }>('POST', '/v1/events', { key: b, body });
    eventOfB = (await stack.call<Event>('GET', `/v1/events/${sent.body.ids[0]}`, { key: b })).body;
    await stack.call('POST', '/v1/connections', {
      key: b,
      body: { name: 'gate-of-b', source: 'github.webhook', secrets: { webhook: SECRET } },
    });
    keyOfB = (await make({ name: 'of b', scopes: ['read'] }, b)).body;
  });

  it('do not see each other: events', async () => {
    for (const query of [
      '',
      'actor=jane@example.com',
      'q=of',
      'source=custom',
      'action=of%20b',
      'source=annals.audit',
    ]) {
      for (const one of await stack.page(query, a)) expect(one['tenant']).toBe('tenant-a');
    }
    problem(await stack.call('GET', `/v1/events/${eventOfB.id}`, { key: a }), 404);
    expect(pathsOf(await stack.call('POST', '/v1/events', { key: a, body: event({ tenant: 'tenant-b' }) }))).toEqual([
      'tenant',
    ]);
    problem(await stack.call('GET', `/v1/events?tenant=tenant-b`, { key: a }), 400);
  });

  it('do not disturb each other: the same own id is another event', async () => {
    const body = event({ id: 'shared', action: 'of a', time: '2026-05-01T00:00:00Z' });
    const sent = await stack.call<{ ids: string[]; stored: number }>('POST', '/v1/events', { key: a, body });
    expect(sent.body.stored).toBe(1);
    expect(sent.body.ids[0]).not.toBe(eventOfB.id);
    expect(actions(await stack.page('action=of%20b', b))).toEqual(['of b']);
  });

  it('do not see each other: keys', async () => {
    expect((await list(a)).every(({ tenant }) => tenant === 'tenant-a')).toBe(true);
    problem(await stack.call('DELETE', `/v1/keys/${keyOfB.id}`, { key: a }), 404);
    expect((await stack.call('GET', '/v1/events', { key: keyOfB.key })).status).toBe(200);
  });

  it('do not see each other: connections and sources', async () => {
    expect((await stack.call('GET', '/v1/connections', { key: a })).body).toEqual({ connections: [] });
    for (const id of ['gate-of-b', 'tenant-b.gate-of-b']) {
      problem(await stack.call('GET', `/v1/connections/${id}`, { key: a }), 404);
      problem(await stack.call('PATCH', `/v1/connections/${id}`, { key: a, body: { tier: '180d' } }), 404);
      problem(await stack.call('DELETE', `/v1/connections/${id}`, { key: a }), 404);
      expect((await stack.call('GET', `/v1/connections/${id}`, { key: b })).status).toBe(200);
    }
    expect((await stack.call('GET', '/v1/sources', { key: a })).text).not.toMatch(/tenant-b|gate-of/);
    const body = { name: 'gate-of-b', source: 'github.webhook', secrets: { webhook: SECRET } };
    expect((await stack.call('POST', '/v1/connections', { key: a, body })).status).toBe(201);
  });

  it('have their own audit', async () => {
    const [of] = await stack.page(`source=annals.audit&action=key.create&target=key_${keyOfB.id}`, b);
    expect(of).toMatchObject({ tenant: 'tenant-b' });
    expect(await stack.page(`target=key_${keyOfB.id}`, a)).toEqual([]);
  });
});

it('no secret of a key is ever logged', () => {
  const all = logs(stack);
  expect(all.length).toBeGreaterThan(0);
  expect(all).not.toContain(secretOf(stack.key));
  expect(all).not.toMatch(/annals_[a-z0-9-]+_[0-9a-f]{16}_/);
  expect(all).not.toContain(SECRET);
});
