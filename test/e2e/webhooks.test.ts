import { createHmac, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareEvents } from '../../shared/event/prepare.ts';
import { githubWebhook } from '../../shared/sources/github.webhook/source.ts';
import { EventStore } from '../../shared/store/event-store.ts';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { actions, type Delivery, deliver, failures, logs, problem, repository, SECRET } from './support.ts';

const PATH = 'main.github';
const OTHER_SECRET = 'another-secret-of-github';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await connect('github');
});
afterAll(() => stack?.close());

async function connect(name: string, secret = SECRET): Promise<void> {
  const body = { name, source: 'github.webhook', secrets: { webhook: secret } };
  const made = await stack.call('POST', '/v1/connections', { body });
  expect(made.status).toBe(201);
}
const send = (payload: object | string | Uint8Array, delivery: Delivery = {}) =>
  deliver(stack, PATH, payload, delivery);
const events = (query = '') => stack.page(`source=github.webhook&limit=1000&${query}`);
const byId = async (id: unknown) => (await stack.call('GET', `/v1/events/${id}`)).body;

describe('a delivery', () => {
  it('is stored, mapped, with its raw event', async () => {
    const payload = repository('stored', { big: '#' });
    const text = JSON.stringify(payload).replace('"#"', '9007199254740993');
    const reply = await send(text);
    expect(reply.status).toBe(202);
    const found = await stack.call('GET', `/v1/events/${reply.body.ids[0]}`);
    expect(found.body).toMatchObject({
      source: 'github.webhook',
      product: 'github',
      connection: 'github',
      tenant: 'main',
      type: 'create_resource',
      action: 'repository.created',
      actor: { id: '7', name: 'octocat', type: 'user' },
      tier: 'indefinite',
    });
    expect(found.text).toContain('9007199254740993');
    expect(actions(await events('target=octo/stored'))).toEqual(['repository.created']);
  });

  it('may come as a form', async () => {
    const form = new URLSearchParams({ payload: JSON.stringify(repository('form & ☃')) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await send(form, { headers });
    expect(reply.status).toBe(202);
    expect((await byId(reply.body.ids[0]))['raw']).toMatchObject(repository('form & ☃'));
  });

  it('is signed over its exact bytes', async () => {
    const spaced = `{ "action":"created",\n\t"repository": {"full_name":"octo/sp\\u00e4ced ☃"} , "sender":null}\r\n`;
    expect((await send(spaced)).status).toBe(202);
    const signature = { 'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(spaced).digest('hex')}` };
    expect((await send(spaced.trim(), { secret: null, headers: signature })).status).toBe(401);
    expect((await send(spaced.replace('{ ', '{'), { secret: null, headers: signature })).status).toBe(401);
  });

  it('of an event that nobody knows is kept, too', async () => {
    const reply = await send({ thing: 1 }, { event: 'some_future_event' });
    expect(reply.status).toBe(202);
    expect(await byId(reply.body.ids[0])).toMatchObject({ type: null, action: 'some_future_event', category: null });
  });

  it('that is a ping is answered and not stored', async () => {
    const before = await events();
    const reply = await send({ zen: 'Keep it logically awesome.', hook_id: 1 }, { event: 'ping' });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-request-id')).toMatch(/\S/);
    expect(await events()).toEqual(before);
  });

  it('of several events is several', async () => {
    const pages = ['Home', 'Setup'].map((page_name) => ({ page_name, action: 'edited', sha: 'a1' }));
    const delivery = { event: 'gollum', id: randomUUID() };
    const reply = await send({ ...repository('wiki'), pages }, delivery);
    expect(reply.body.ids).toHaveLength(2);
    expect((await send({ ...repository('wiki'), pages }, delivery)).body).toEqual(reply.body);
    expect(await events('target=octo/wiki')).toHaveLength(2);
  });
});

describe('a delivery that comes again', () => {
  it('is the same event', async () => {
    const delivery = { id: randomUUID() };
    const first = await send(repository('twice'), delivery);
    const second = await send(repository('twice'), delivery);
    expect(second.status).toBe(202);
    expect(second.body).toEqual(first.body);
    const other = await send(repository('twice'));
    expect(other.body).not.toEqual(first.body);
    expect(await events('target=octo/twice')).toHaveLength(2);
  });

  it('is one event though it comes many times at once', async () => {
    const delivery = { id: randomUUID() };
    const replies = await Promise.all(Array.from({ length: 3 }, () => send(repository('crowd'), delivery)));
    expect(replies.map(({ status }) => status)).toEqual(Array(3).fill(202));
    expect(new Set(replies.flatMap(({ body }) => body.ids)).size).toBe(1);
    expect(await events('target=octo/crowd')).toHaveLength(1);
  });

  it('is the same event days later', async () => {
    // Three days ago the function stored it like this.
    const id = randomUUID();
    const then = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const { url, region, credentials } = stack.endpoint;
    const dynamo = new DynamoDBClient({ endpoint: url, region, credentials });
    const store = new EventStore({
      dynamo,
      table: stack.outputs['EventsTable'] ?? '',
      shards: { default: 1, 'github.webhook': 2 },
    });
    const raw = { 'X-GitHub-Event': 'repository', ...JSON.parse(JSON.stringify(repository('old'))) };
    const inputs = githubWebhook.normalize(raw).map((mapped) => ({ ...mapped, vendorId: id }));
    const [past] = await store.put(
      prepareEvents(inputs, {
        tenant: 'main',
        connection: 'github',
        source: 'github.webhook',
        product: 'github',
        origin: githubWebhook.defaultOrigin,
        tier: 'indefinite',
        receivedAt: then,
      }),
      () => 10_000,
    );
    dynamo.destroy();
    expect(past?.status).toBe('stored');

    const again = await send(repository('old'), { id });
    expect(again.body.ids).toEqual([past?.id]);
    expect((await events('target=octo/old')).map(({ time }) => time)).toEqual([then]);
  });

  it('with other content leaves the first, and is set aside', async () => {
    const delivery = { id: randomUUID() };
    const first = await send(repository('before'), delivery);
    const second = await send(repository('after'), delivery);
    expect(second.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect((await byId(first.body.ids[0]))['raw']).toMatchObject(repository('before'));
    expect(await events('target=octo/after')).toEqual([]);
    await send(repository('after'), delivery);
    const aside = await failures(stack, `conflicts/main/github.webhook/${first.body.ids[0]}/`);
    expect([...aside.values()].map((bytes) => JSON.parse(bytes.toString()))).toEqual([
      { 'X-GitHub-Event': 'repository', ...repository('after') },
    ]);
  });
});

describe('a request that is not signed with the secret', () => {
  const sha1 = createHmac('sha1', SECRET)
    .update(JSON.stringify(repository('forged')))
    .digest('hex');
  it.each<[string, Delivery]>([
    ['no signature', { secret: null }],
    ['another secret', { secret: OTHER_SECRET }],
    ['an empty secret', { secret: '' }],
    ['an empty signature', { secret: null, headers: { 'x-hub-signature-256': 'sha256=' } }],
    ['a signature of nothing', { secret: null, headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }],
    ['the old kind of signature', { secret: null, headers: { 'x-hub-signature': `sha1=${sha1}` } }],
    ['an API key', { secret: null, headers: { authorization: 'Bearer x' } }],
    ['a ping', { secret: null, event: 'ping' }],
  ])('is answered 401 and stores nothing: %s', async (_, delivery) => {
    const reply = await send(repository('forged'), delivery);
    problem(reply as unknown as Reply, 401);
    expect(await events('target=octo/forged')).toEqual([]);
  });

  it('is recorded', async () => {
    await send(repository('forged'), { secret: OTHER_SECRET });
    const recorded = await stack.page(
      'source=annals.audit&action=access.unauthenticated&target=main.github&fields=outcome,actor,targets,reason,ip,time,raw',
    );
    expect(recorded.length).toBeGreaterThan(0);
    // Once a minute.
    expect(new Set(recorded.map(({ time }) => time)).size).toBe(recorded.length);
    expect(recorded[0]).toMatchObject({
      outcome: 'failure',
      actor: { type: 'anonymous' },
      targets: [{ type: 'connection', id: 'main.github', name: 'github' }],
      reason: expect.stringContaining('signature'),
      ip: '127.0.0.1',
    });
    expect(JSON.stringify(recorded)).not.toContain('forged');
  });

  it('proves nothing for another connection', async () => {
    await connect('elsewhere', OTHER_SECRET);
    expect((await deliver(stack, 'main.elsewhere', repository('x'), { secret: SECRET })).status).toBe(401);
    expect((await deliver(stack, 'main.elsewhere', repository('x'), { secret: OTHER_SECRET })).status).toBe(202);
  });
});

describe('a signed request that cannot be read', () => {
  it.each<[string, string | Uint8Array, Delivery]>([
    ['half a document', '{"action":', {}],
    ['a list', '[{"action":"created"}]', {}],
    ['nothing', '', {}],
    [
      'no UTF-8 in a form',
      Buffer.from([0x70, 0x3d, 0xff, 0xfe]),
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['a form without payload', 'a=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['another type', '<xml/>', { headers: { 'content-type': 'application/xml' } }],
    ['no delivery id', '{"odd":"no id"}', { headers: { 'x-github-delivery': '' } }],
    ['an odd delivery id', '{"odd":"spaces"}', { headers: { 'x-github-delivery': 'a b' } }],
    ['no event name', '{"odd":"no event"}', { headers: { 'x-github-event': '' } }],
    ['200,000 brackets', `{"deep":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, {}],
    [
      '200,000 brackets with a long number',
      `{"deep":${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}}`,
      {},
    ],
  ])('is answered 400, and its bytes are kept: %s', async (_, body, delivery) => {
    const before = await failures(stack, 'rejects/main/github/');
    const reply = await send(body, delivery);
    problem(reply as unknown as Reply, 400);
    const kept = [...(await failures(stack, 'rejects/main/github/'))].filter(([key]) => !before.has(key));
    expect(kept.map(([, bytes]) => bytes.toString('latin1'))).toEqual([Buffer.from(body).toString('latin1')]);
  });
});

describe('odd but readable', () => {
  it.each<[string, string]>([
    [
      'prototypes',
      '{"action":"created","__proto__":{"action":"x"},"constructor":{"a":1},"sender":{"__proto__":{"login":"eve"}}}',
    ],
    ['nothing but an object', '{}'],
    ['wrong types everywhere', '{"action":{"a":1},"repository":[1],"sender":"jane","organization":7,"changes":[[]]}'],
    ['long texts', JSON.stringify(repository('n'.repeat(20_000)))],
    ['its own header', '{"X-GitHub-Event":"push","action":"created"}'],
  ])('%s', async (_, text) => {
    const reply = await send(text);
    expect(reply.status).toBe(202);
    const found = await stack.call('GET', `/v1/events/${reply.body.ids[0]}`);
    expect(found.status).toBe(200);
    expect(JSON.parse(found.text).raw['X-GitHub-Event']).toBe('repository');
    if (text.includes('__proto__')) expect(found.text).toContain('"__proto__":{"action":"x"}');
  });
});

describe('rotation', () => {
  it('takes both secrets for a day', async () => {
    await connect('turning');
    expect((await deliver(stack, 'main.turning', repository('a'))).status).toBe(202);
    const secrets = { webhook: OTHER_SECRET };
    expect((await stack.call('PATCH', '/v1/connections/turning', { body: { secrets } })).status).toBe(200);
    expect((await deliver(stack, 'main.turning', repository('b'))).status).toBe(202);
    // A function that has just read the secret asks for it again after some seconds.
    await expect
      .poll(() => deliver(stack, 'main.turning', repository('c'), { secret: OTHER_SECRET }), {
        timeout: 15_000,
        interval: 500,
      })
      .toMatchObject({ status: 202 });
  });

  it('takes the old one no longer than that', async () => {
    await connect('turned');
    await stack.call('PATCH', '/v1/connections/turned', { body: { secrets: { webhook: OTHER_SECRET } } });
    const { url, region, credentials } = stack.endpoint;
    const ssm = new SSMClient({ endpoint: url, region, credentials });
    const dynamo = await stack.call('GET', '/v1/connections/turned');
    expect(dynamo.status).toBe(200);
    const name = await parameterOf('turned');
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    const value = JSON.parse(Parameter?.Value ?? '{}');
    expect(Math.abs(Date.parse(value.previousUntil) - Date.now() - 86_400_000)).toBeLessThan(60_000);
    const past = { ...value, previousUntil: new Date(Date.now() - 1).toISOString() };
    await ssm.send(
      new PutParameterCommand({ Name: name, Value: JSON.stringify(past), Type: 'SecureString', Overwrite: true }),
    );
    ssm.destroy();
    expect((await deliver(stack, 'main.turned', repository('a'))).status).toBe(401);
    expect((await deliver(stack, 'main.turned', repository('b'), { secret: OTHER_SECRET })).status).toBe(202);
  });
});

async function controlItem(partition: string, key: string): Promise<Record<string, unknown> | undefined> {
  const { ControlTable } = await import('../../shared/control/table.ts');
  const { url, region, credentials } = stack.endpoint;
  const dynamo = new DynamoDBClient({ endpoint: url, region, credentials });
  const item = await new ControlTable(dynamo, stack.outputs['ControlTable'] ?? '').get(partition, key);
  dynamo.destroy();
  return item;
}

/** Where a connection's secrets lie. */
async function parameterOf(name: string): Promise<string> {
  return `/annals/prod/connections/${(await controlItem('connection', `main.${name}`))?.['secretReference']}`;
}

describe('a hint', () => {
  const TOKEN = 'a-token-that-nobody-guesses';
  const body = { type: 'created_user', details: {}, timestamp: '2026-03-02T12:00:00Z', actor_full_name: 'Jane' };
  beforeAll(async () => {
    const fleet = { name: 'fleet', source: 'fleet.activities', secrets: { webhook: TOKEN } };
    expect((await stack.call('POST', '/v1/connections', { body: fleet })).status).toBe(201);
  });

  it('stores nothing and asks for a poll', async () => {
    const reply = await stack.call('POST', `/v1/webhooks/main.fleet/${TOKEN}`, { body, key: null });
    expect({ status: reply.status, body: reply.body }).toEqual({ status: 202, body: { polling: true } });
    expect(await stack.page('source=fleet.activities')).toEqual([]);
    const asked = await controlItem('hastened', 'main.fleet');
    expect(Date.parse(String(asked?.['at']))).toBeGreaterThan(Date.now() - 60_000);
  });

  it('is refused with a wrong token, with none, and at another connection', async () => {
    for (const path of ['main.fleet/wrong', 'main.fleet', `main.github/${TOKEN}`]) {
      expect((await stack.call('POST', `/v1/webhooks/${path}`, { body, key: null })).status).toBe(401);
    }
    expect((await stack.call('POST', `/v1/webhooks/main.nobody/${TOKEN}`, { body, key: null })).status).toBe(404);
    expect(logs(stack)).not.toContain(TOKEN);
  });
});

it('reach the archive, each once', async () => {
  const rows = await stack.sql("select id from events where source = 'github.webhook'");
  const hot = (await events()).map(({ id }) => id);
  expect(rows.map(({ id }) => id).sort()).toEqual(hot.sort());
});

it('leave no secret in events and logs', async () => {
  const all = JSON.stringify(await stack.page('fields=actor,targets,changes,reason,raw&limit=1000'));
  for (const secret of [SECRET, OTHER_SECRET]) expect(all).not.toContain(secret);
  for (const secret of [SECRET, OTHER_SECRET]) expect(logs(stack)).not.toContain(secret);
  expect(logs(stack)).not.toContain('sha256=');
});
