import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { event, problem, rawCall } from './support.ts';

interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { operationId: string; parameters?: { name: string }[] }>>;
}

let stack: TestStack;
let description: Description;
beforeAll(async () => {
  stack = await startTestStack();
  const reply = await stack.call<Description>('GET', '/v1/openapi.json', { key: null });
  expect(reply.status).toBe(200);
  description = reply.body;
});
afterAll(() => stack?.close());

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...description });
    expect({ valid, errors }).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every route of the template and no other', () => {
    const described = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = stack.template.routes.map(({ routeKey }) => routeKey).filter((key) => key !== '$default');
    expect(described.sort()).toEqual(routes.sort());
  });

  it('names each operation once', () => {
    const ids = Object.values(description.paths).flatMap((one) =>
      Object.values(one).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names the parameters that the query takes', async () => {
    const names = description.paths['/v1/events']?.['get']?.parameters?.map(({ name }) => name) ?? [];
    expect(names.sort()).toEqual(
      [
        ...['source', 'connection', 'category', 'type', 'action', 'actor', 'target', 'entity', 'ip', 'outcome'],
        ...['session', 'attribute', 'q', 'from', 'to', 'order', 'limit', 'cursor', 'fields', 'format'],
      ].sort(),
    );
  });
});

describe('what is no route', () => {
  it.each([
    ['GET', '/index.html'],
    ['GET', '/assets'],
    ['GET', '/assets/a/b'],
    ['GET', '/v1'],
    ['GET', '/v1/'],
    ['GET', '/v2/events'],
    ['GET', '/v1/Events'],
    ['GET', '/v1/events/'],
    ['POST', '/v1/events/'],
    ['GET', '//v1/events'],
    ['GET', '/v1//events'],
    ['GET', '/v1/events/a/b'],
    ['GET', '/v1/events/a%2fb'],
    ['GET', '/v1/events/..%2f'],
    ['GET', '/v1/events/..%2f..%2fv1%2fkeys'],
    ['GET', '/v1/events/../keys'],
    ['GET', '/v1/openapi-json'],
    ['POST', '/v1/openapiXjson'],
    ['DELETE', '/v1/events/a/b'],
    ['DELETE', '/v1/keys'.concat('/')],
    ['POST', '/v1/webhooks'],
    ['POST', '/v1/webhooks/'],
    ['GET', '/v1/events\u0000'.replace('\u0000', '%00')],
    ['GET', '/v1/%65vents/x/y'],
    ['GET', '/.git/config'],
    ['GET', '/__proto__'],
    ['FROB', '/v1/nothing'],
  ])('is answered 404: %s %s', async (method, target) => {
    const known = ['GET', 'POST', 'DELETE'].includes(method) ? method : 'PUT';
    const reply = await rawCall(stack, known, target);
    expect({ status: reply.status, type: reply.headers['content-type'] }).toEqual({
      status: 404,
      type: 'application/problem+json',
    });
    expect(reply.headers['x-request-id']).toBe(JSON.parse(reply.text).requestId);
  });

  it.each([
    ['PUT', '/v1/events', ['GET', 'POST']],
    ['PATCH', '/v1/events/x', ['GET']],
    ['POST', '/v1/events/x', ['GET']],
    ['OPTIONS', '/v1/events', ['GET', 'POST']],
    ['DELETE', '/v1/sources', ['GET']],
    ['POST', '/v1/openapi.json', ['GET']],
    ['GET', '/v1/webhooks/main.x', ['POST']],
    ['PUT', '/v1/keys', ['GET', 'POST']],
    ['GET', '/v1/keys/x', ['DELETE']],
    ['DELETE', '/v1/connections', ['GET', 'POST']],
    ['PUT', '/v1/connections/x', ['DELETE', 'GET', 'PATCH']],
    ['POST', '/v1/%65vents/x', ['GET']],
  ])('is answered 405 where the path is: %s %s', async (method, path, allowed) => {
    const reply = await stack.call(method, path);
    expect(problem(reply, 405).detail).toContain(allowed[0]);
    expect(reply.headers.get('allow')?.split(', ').sort()).toEqual(allowed);
  });

  it('HEAD is answered without a body', async () => {
    const there = await rawCall(stack, 'HEAD', '/v1/events');
    expect({ status: there.status, text: there.text, allow: there.headers['allow'] }).toEqual({
      status: 405,
      text: '',
      allow: 'GET, POST',
    });
    expect((await rawCall(stack, 'HEAD', '/v1/nothing')).status).toBe(404);
  });

  it.each(['/%', '/v1/events/%zz', '/v1/%ff'])(
    'a path that is no percent-encoding is answered 400: %s',
    async (target) => {
      expect((await rawCall(stack, 'GET', target)).status).toBe(400);
    },
  );
});

it('every answer has a request id of its own', async () => {
  const replies: Reply[] = [];
  for (const [method, path, options] of [
    ['GET', '/v1/events', {}],
    ['GET', '/v1/events?format=csv', {}],
    ['GET', '/v1/sources', {}],
    ['GET', '/v1/openapi.json', { key: null }],
    ['GET', '/v1/keys', {}],
    ['GET', '/v1/connections', {}],
    ['POST', '/v1/events', { body: event() }],
    ['POST', '/v1/events', { body: [] }],
    ['GET', '/v1/nothing', {}],
    ['GET', '/v1/events', { key: null }],
  ] as const) {
    replies.push(await stack.call(method, path, options));
  }
  const ids = replies.map(({ headers }) => headers.get('x-request-id'));
  expect(ids.every((id) => id !== null && id.length > 8)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { headers } of replies) expect(headers.get('cache-control')).toBe('no-store');
});
