import { describe, expect, test } from 'vitest';
import { type Ask, Client, queryString, type Surroundings } from '../../web/api/client.ts';
import { ApiError } from '../../web/api/error.ts';

const problem = (status: number, headers: Record<string, string> = {}, body: object = {}) =>
  new Response(
    JSON.stringify({ type: 'urn:annals:problem:some_code', detail: 'the reason', requestId: 'r-1', ...body }),
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  );
const fine = () => Response.json({ is: 'fine' });

/** A client that gets these answers one after the other, and what it asked and waited. */
function clientOf(answers: (() => Response | Promise<Response>)[], world: Partial<Surroundings> = {}) {
  const asked: { url: string; init: RequestInit }[] = [];
  const waits: number[] = [];
  const refused: ApiError[] = [];
  const client = new Client({
    fetch: async (url, init) => {
      asked.push({ url: String(url), init: init ?? {} });
      const answer = answers.shift();
      if (!answer) throw new TypeError('network');
      return answer();
    },
    key: () => 'annals_key',
    onRefused: (error) => refused.push(error),
    wait: async (ms) => void waits.push(ms),
    ...world,
  });
  return { client, asked, waits, refused };
}

const failure = (client: Client, ask: Ask = {}) =>
  client.ask('/v1/events', ask).then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );

test('presents the key and reads the answer', async () => {
  const { client, asked } = clientOf([fine]);
  expect(await client.ask('/v1/events', { query: { source: ['a', 'b'], q: null, limit: 5 } })).toEqual({ is: 'fine' });
  expect(asked[0]?.url).toBe('/v1/events?source=a&source=b&limit=5');
  expect(asked[0]?.init.headers).toMatchObject({ authorization: 'Bearer annals_key' });
});

test('an answer without content is undefined', async () => {
  const { client } = clientOf([() => new Response(null, { status: 204 })]);
  expect(await client.ask('/v1/keys/x', { method: 'DELETE' })).toBeUndefined();
});

test('a problem document becomes an error of words', async () => {
  const problems = [{ path: 'from', message: 'must be a day' }];
  const error = await failure(clientOf([() => problem(400, {}, { problems })]).client);
  expect(error).toMatchObject({ message: 'The reason.', code: 'some_code', status: 400, problems, requestId: 'r-1' });
  expect(error).toBeInstanceOf(ApiError);
});

test('an answer that is no problem document is told in plain words', async () => {
  const { client } = clientOf([
    () => new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } }),
  ]);
  expect(await failure(client)).toMatchObject({ code: 'http_502', message: expect.stringContaining('502') });
});

describe('busy answers', () => {
  test.each([429, 503])('%i to a read is asked again after Retry-After', async (status) => {
    const { client, waits } = clientOf([() => problem(status, { 'retry-after': '2' }), fine]);
    expect(await client.ask('/v1/events')).toEqual({ is: 'fine' });
    expect(waits).toEqual([2_000]);
  });

  test('without Retry-After the pauses grow, and end', async () => {
    const { client, waits, asked } = clientOf(Array.from({ length: 9 }, () => () => problem(503)));
    expect(await failure(client)).toMatchObject({ status: 503 });
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(asked).toHaveLength(4);
  });

  test('nobody is left waiting for minutes', async () => {
    const { client, waits } = clientOf([() => problem(429, { 'retry-after': '120' })]);
    expect(await failure(client)).toMatchObject({ status: 429 });
    expect(waits).toEqual([]);
  });

  test('a write is not asked again', async () => {
    const { client, asked } = clientOf([() => problem(503), fine]);
    expect(await failure(client, { method: 'POST', body: {} })).toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
  });
});

test('a refused key is told, once', async () => {
  const { client, refused } = clientOf([() => problem(401, {}, { detail: 'this key has expired' })]);
  await failure(client);
  expect(refused.map(({ message }) => message)).toEqual(['This key has expired.']);
});

test('no network is an error of words', async () => {
  expect(await failure(clientOf([]).client)).toMatchObject({ code: 'unreachable', isPassing: true });
});

/** A fetch that answers only when it is aborted. */
const silent: typeof fetch = (_url, init) =>
  new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));

test('an answer that never comes ends by itself', async () => {
  const { client } = clientOf([], { fetch: silent });
  expect(await failure(client, { timeoutMs: 5 })).toMatchObject({ code: 'timeout', status: 0 });
});

test("the caller's own abort is no ApiError", async () => {
  const { client } = clientOf([], { fetch: silent });
  const stop = new AbortController();
  const error = failure(client, { signal: stop.signal });
  stop.abort();
  expect(await error).toMatchObject({ name: 'AbortError' });
});

test('an empty query has no question mark', () => {
  expect(queryString({ a: null, b: undefined, c: [] })).toBe('');
});
