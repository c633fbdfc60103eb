import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { deliver, logs, pathsOf, problem, repository } from './support.ts';

const SECRETS = ['first-secret-0001', 'second-secret-0002', 'third-secret-0003'] as const;

let stack: TestStack;
const texts: string[] = [];
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.close());

async function call(method: string, path: string, body?: unknown): Promise<Reply> {
  const reply = await stack.call(method, `/v1/connections${path}`, body === undefined ? {} : { body });
  texts.push(reply.text);
  return reply;
}
const make = (name: string, more: object = {}) =>
  call('POST', '', { name, source: 'github.webhook', secrets: { webhook: SECRETS[0] }, ...more });

describe('a connection', () => {
  it('is made, shown, listed, changed and deleted', async () => {
    const made = await make('life', { origin: 'octo-org', tier: '365d' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: 'main.life',
      tenant: 'main',
      name: 'life',
      source: 'github.webhook',
      origin: 'octo-org',
      tier: '365d',
      secrets: ['webhook'],
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
      webhookPath: '/v1/webhooks/main.life',
    });
    expect((await call('GET', '/life')).body).toEqual(made.body);
    expect((await call('GET', '/main.life')).body).toEqual(made.body);
    expect((await call('GET', '')).body['connections']).toContainEqual(made.body);

    const changed = await call('PATCH', '/life', { tier: '180d' });
    expect(changed.body).toEqual({ ...made.body, tier: '180d', updatedAt: expect.stringMatching(/Z$/) });
    const reset = await call('PATCH', '/main.life', { tier: null });
    expect(reset.body).not.toHaveProperty('tier');
    expect((await call('PATCH', '/life', {})).status).toBe(200);

    expect((await call('DELETE', '/life')).status).toBe(204);
    problem(await call('GET', '/life'), 404);
    problem(await call('PATCH', '/life', { tier: '180d' }), 404);
    problem(await call('DELETE', '/life'), 404);
    expect((await deliver(stack, 'main.life', repository('late'), { secret: SECRETS[0] })).status).toBe(404);

    const audit = await stack.page('source=annals.audit&target=main.life&order=oldest');
    expect(audit.map(({ action }) => action)).toEqual([
      'connection.create',
      ...Array(3).fill('connection.update'),
      'connection.delete',
    ]);
    expect(audit[1]).toMatchObject({ changes: [{ attribute: 'tier', old: '365d', new: '180d' }] });
  });

  it('has a name of its own', async () => {
    expect((await make('taken')).status).toBe(201);
    problem(await make('taken', { secrets: { webhook: SECRETS[1] } }), 409);
    expect((await deliver(stack, 'main.taken', repository('a'), { secret: SECRETS[1] })).status).toBe(401);
    expect((await deliver(stack, 'main.taken', repository('a'), { secret: SECRETS[0] })).status).toBe(202);
  });

  it('is made once of many requests at once', async () => {
    const replies = await Promise.all(Array.from({ length: 3 }, () => make('race')));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect((await deliver(stack, 'main.race', repository('a'), { secret: SECRETS[0] })).status).toBe(202);
  });

  it.each<[object | string, string[]]>([
    [{}, ['name', 'source']],
    [{ name: 'x', source: 'github.webhook' }, ['secrets.webhook']],
    [{ name: 'x', source: 'github.webhook', secrets: { webhook: SECRETS[0], token: SECRETS[1] } }, ['secrets.token']],
    [{ name: 'x', source: 'github.webhook', secrets: { webhook: 'short' } }, ['secrets.webhook']],
    [{ name: 'x', source: 'nope.log', secrets: {} }, ['source']],
    [{ name: 'x', source: 'custom', secrets: {} }, ['source']],
    [{ name: 'x', source: 'annals.audit' }, ['source']],
    [{ name: 'X', source: 'github.webhook', secrets: { webhook: SECRETS[0] } }, ['name']],
    [{ name: 'a.b', source: 'github.webhook', secrets: { webhook: SECRETS[0] } }, ['name']],
    [
      { name: '', source: 'a#b', tier: '7d', origin: '', tenant: 'x', id: 'y' },
      ['id', 'name', 'origin', 'source', 'tenant', 'tier'],
    ],
    ['{"name":"x","source":"github.webhook","secrets":{"__proto__":"aaaaaaaa"}}', ['secrets.webhook']],
    ['{', []],
  ])('is not made of what is not valid (%#)', async (body, paths) => {
    expect(pathsOf(await call('POST', '', body)).sort()).toEqual(paths);
  });

  it.each<[object, string[]]>([
    [{ origin: 'x' }, ['origin']],
    [{ name: 'x', source: 'y' }, ['name', 'source']],
    [{ tier: 'x' }, ['tier']],
    [{ secrets: { other: SECRETS[0] } }, ['secrets.other']],
  ])('is not changed into what is not valid (%#)', async (body, paths) => {
    await make('steady');
    expect(pathsOf(await call('PATCH', '/steady', body)).sort()).toEqual(paths);
  });

  it.each([
    ['another', 'x'],
    ['a NUL', '%00'],
    ['another id', 'main.x'],
    ['a tenant alone', 'main.'],
    ['a dot', '.x'],
    ['a hash', 'a%23b'],
    ['a prototype', '__proto__'],
    ['a long one', 'x'.repeat(2_000)],
    ['a longer one', `main.${'x'.repeat(9_000)}`],
    ['another script', '%F0%9F%91%A9'],
  ])('that is not there is answered 404: %s', async (_, id) => {
    problem(await call('GET', `/${id}`), 404);
    problem(await call('PATCH', `/${id}`, {}), 404);
    problem(await call('DELETE', `/${id}`), 404);
    problem(await stack.call('POST', `/v1/webhooks/${id}`, { key: null, body: {} }), 404);
  });

  it.each([
    ['long', 's'.repeat(2_048)],
    ['of many bytes', '☃'.repeat(600)],
    ['that JSON writes at length', '\u0001"\\'.repeat(400)],
  ])('keeps secrets %s, or refuses them with 400', async (name, secret) => {
    const connection = name.replaceAll(' ', '-').toLowerCase();
    const made = await make(connection, { secrets: { webhook: secret } });
    if (made.status === 400) return void problem(made, 400);
    expect(made.status).toBe(201);
    expect((await call('PATCH', `/${connection}`, { secrets: { webhook: `${secret.slice(1)}!` } })).status).toBe(200);
    for (const one of [secret, `${secret.slice(1)}!`]) {
      expect((await deliver(stack, `main.${connection}`, repository('a'), { secret: one })).status).toBe(202);
    }
  });
});

describe('a connection that was deleted', () => {
  it('leaves its events, and made again under its name takes the same deliveries for the same events', async () => {
    await make('again');
    const delivery = { id: 'b7c1de30-0000-4000-8000-000000000001', secret: SECRETS[0] };
    const first = await deliver(stack, 'main.again', repository('kept'), delivery);
    expect(first.status).toBe(202);
    await call('DELETE', '/again');
    expect(await stack.page('connection=again')).toHaveLength(1);

    await make('again', { secrets: { webhook: SECRETS[2] } });
    expect((await deliver(stack, 'main.again', repository('kept'), delivery)).status).toBe(401);
    const second = await deliver(stack, 'main.again', repository('kept'), { ...delivery, secret: SECRETS[2] });
    expect(second.body).toEqual(first.body);
    expect(await stack.page('connection=again')).toHaveLength(1);
  });
});

describe('secrets', () => {
  it('are replaced, the old ones staying good, and never read back', async () => {
    await make('rotated');
    expect((await call('PATCH', '/rotated', { secrets: { webhook: SECRETS[1] } })).body['secrets']).toEqual([
      'webhook',
    ]);
    await call('GET', '/rotated');
    await call('GET', '');
    texts.push((await stack.call('GET', '/v1/sources')).text);
    for (const secret of [SECRETS[0], SECRETS[1]]) {
      expect((await deliver(stack, 'main.rotated', repository('a'), { secret })).status).toBe(202);
    }
    const audit = await stack.page('source=annals.audit&fields=changes,raw,targets&limit=1000');
    expect(JSON.stringify(audit)).toContain('secrets.webhook');
    texts.push(JSON.stringify(audit));
    for (const secret of SECRETS) expect(texts.join('\n')).not.toContain(secret);
  });

  it('lie in no table and no log', async () => {
    await make('looked-for');
    await call('PATCH', '/looked-for', { secrets: { webhook: SECRETS[1] } });
    const { url, region, credentials } = stack.endpoint;
    const dynamo = new DynamoDBClient({ endpoint: url, region, credentials });
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: stack.outputs['ControlTable'] }));
    dynamo.destroy();
    const stored = JSON.stringify(Items);
    expect(stored).toContain('main.looked-for');
    const all = stored + logs(stack) + readFileSync(join(stack.dir, 'stack.json'), 'utf8');
    for (const secret of SECRETS) expect(all).not.toContain(secret);
  });
});
