import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOURCES } from '../../shared/sources/registry.ts';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { pathsOf, problem } from './support.ts';

type Search = Record<string, unknown> & { id: string; name: string; suggested: boolean };

let stack: TestStack;
let jane: string;
let joe: string;
beforeAll(async () => {
  stack = await startTestStack();
  jane = await stack.newKey({ name: 'jane', scopes: ['read'] });
  joe = await stack.newKey({ name: 'joe', scopes: ['read'] });
});
afterAll(() => stack?.close());

const make = (body: object, key = jane): Promise<Reply<Search>> => stack.call('POST', '/v1/searches', { body, key });
const change = (id: string, body: object, key = jane) => stack.call('PATCH', `/v1/searches/${id}`, { body, key });
const remove = (id: string, key = jane) => stack.call('DELETE', `/v1/searches/${id}`, { key });

async function seen(key: string): Promise<Search[]> {
  const { status, text, body } = await stack.call<{ searches: Search[] }>('GET', '/v1/searches', { key });
  expect(status, text).toBe(200);
  return body.searches;
}

async function made(body: object, key = jane): Promise<Search> {
  const reply = await make(body, key);
  expect(reply.status, reply.text).toBe(201);
  return reply.body;
}

const own = async (key: string) => (await seen(key)).filter(({ suggested }) => !suggested).map(({ id }) => id);

describe('/v1/searches', () => {
  it('has one for each source, and each can be asked', async () => {
    const suggested = (await seen(jane)).filter((one) => one.suggested);
    expect(suggested).toHaveLength(SOURCES.length);
    for (const { query } of suggested) {
      const parameters = Object.entries(query as Record<string, string | string[]>).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one] as [string, string]),
      );
      expect((await stack.call('GET', `/v1/events?${new URLSearchParams(parameters)}`, { key: jane })).status).toBe(
        200,
      );
    }
    problem(await change(suggested[0]?.id ?? '', { name: 'mine' }), 409);
    problem(await remove(suggested[0]?.id ?? '', stack.key), 409);
  });

  it('keeps a search private until it is shared, and deletes it', async () => {
    const search = await made({
      name: 'Downloads',
      query: { type: 'download_resource' },
      columns: ['time', 'actor.email'],
    });
    expect(search).toMatchObject({
      name: 'Downloads',
      query: { type: 'download_resource' },
      columns: ['time', 'actor.email'],
      shared: false,
      suggested: false,
      mine: true,
      owner: { id: `key_${jane.split('_')[2]}`, name: 'jane' },
    });
    expect([await own(jane), await own(joe), await own(stack.key)]).toEqual([[search.id], [], []]);
    problem(await change(search.id, { name: 'x' }, joe), 404);
    problem(await remove(search.id, stack.key), 404);

    expect((await change(search.id, { shared: true })).status).toBe(200);
    expect((await seen(joe)).find(({ id }) => id === search.id)).toMatchObject({ mine: false, shared: true });
    problem(await change(search.id, { name: 'x' }, joe), 403);
    problem(await remove(search.id, joe), 403);
    const other = await stack.newKey({ tenant: 'other', scopes: ['read', 'admin'] });
    problem(await remove(search.id, other), 404);

    const renamed = await change(search.id, { name: 'Files', columns: null }, stack.key);
    expect(renamed.body).toMatchObject({ name: 'Files', columns: null, mine: false });
    expect((await remove(search.id)).status).toBe(204);
    expect(await own(jane)).toEqual([]);
    problem(await remove(search.id), 404);
  });

  it('writes down what is made, changed, shared and deleted, old and new', async () => {
    const { id } = await made({ name: 'A', query: { q: 'x' } });
    await change(id, { name: 'B', query: { q: 'y', order: 'oldest' } });
    await change(id, { name: 'B' });
    await change(id, { shared: true, columns: ['id'] });
    await change(id, { shared: false });
    await remove(id);
    const events = await stack.page(`source=annals.audit&target=${id}&order=oldest`);
    expect(events.map(({ action, actor }) => [action, (actor as { name: string }).name])).toEqual(
      ['create', 'update', 'share', 'update', 'delete'].map((act) => [`search.${act}`, 'jane']),
    );
    expect(events.map(({ changes }) => changes)).toEqual([
      [
        { attribute: 'name', new: 'A' },
        { attribute: 'query', new: '{"q":"x"}' },
        { attribute: 'shared', new: 'false' },
      ],
      [
        { attribute: 'name', old: 'A', new: 'B' },
        { attribute: 'query', old: '{"q":"x"}', new: '{"order":"oldest","q":"y"}' },
      ],
      [
        { attribute: 'shared', old: 'false', new: 'true' },
        { attribute: 'columns', new: 'id' },
      ],
      [{ attribute: 'shared', old: 'true', new: 'false' }],
      [],
    ]);
  });

  it('keeps to the sources of a key', async () => {
    const limited = await stack.newKey({ scopes: ['read'], sources: ['duo.auth'] });
    problem(await make({ name: 'x', query: { source: 'github.audit' } }, limited), 403);
    const { id } = await made({ name: 'x', query: { source: 'duo.auth' } }, limited);
    problem(await change(id, { query: { source: ['duo.auth', 'custom'] } }, limited), 403);
    const { id: hidden } = await made({ name: 'y', query: { source: 'github.audit' }, shared: true });
    expect((await seen(limited)).map((one) => one.id)).toEqual([id, 'suggested.duo.auth']);
    await remove(hidden);
  });

  it('asks for the scope read, and names all that is wrong', async () => {
    const producer = await stack.newKey({ scopes: ['ingest'] });
    problem(await make({ name: 'x', query: {} }, producer), 403);
    problem(await stack.call('GET', '/v1/searches', { key: producer }), 403);
    expect(pathsOf(await make({ name: '', query: 5, more: true })).sort()).toEqual(['more', 'name', 'query']);
    expect(pathsOf(await make({ name: 'x', query: { sauce: 'y', type: 'z' }, columns: ['odd'] })).sort()).toEqual([
      'columns',
      'query.sauce',
      'query.type',
    ]);
  });

  it('keeps at most a hundred of a key', async () => {
    const many = await stack.newKey({ tenant: 'many', scopes: ['read'] });
    for (let i = 0; i < 100; i++) await made({ name: `n${i}`, query: {} }, many);
    problem(await make({ name: 'one more', query: {} }, many), 409);
  });
});
