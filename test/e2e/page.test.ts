import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { rawCall } from './support.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.close());

const get = (path: string, headers: Record<string, string> = {}) => stack.call('GET', path, { key: null, headers });

it('is served to anyone, with all that it is made of', async () => {
  const page = await get('/', { 'accept-encoding': 'gzip, br' });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-encoding')).toBe('br');
  const assets = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(assets).toHaveLength(2);
  for (const path of assets) {
    const { status, headers, text } = await get(path);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('immutable');
    expect(text.length).toBeGreaterThan(10);
  }
  // A request of the page with a query, as links in mails get them.
  expect((await get('/?utm=x')).text).toBe(page.text);
});

it('comes compressed as is asked, and not at all to who has it', async () => {
  const page = await get('/');
  const { hostname, port } = new URL(stack.url);
  const packed = await fetch(`http://${hostname}:${port}/`, { headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(await packed.text()).toBe(page.text);
  const plain = await rawCall(stack, 'GET', '/', { 'accept-encoding': 'identity' });
  expect([plain.text, plain.headers['content-encoding']]).toEqual([page.text, undefined]);
  const again = await get('/', { 'if-none-match': page.headers.get('etag') ?? '' });
  expect([again.status, again.text]).toEqual([304, '']);
});

it('is protected, and so is what is not there', async () => {
  const none = await get('/assets/none.js');
  expect(none.status).toBe(404);
  expect(none.body).toMatchObject({ status: 404, requestId: none.headers.get('x-request-id') });
  for (const { headers } of [await get('/'), none]) {
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    // There is no TLS on one machine.
    expect(headers.get('strict-transport-security')).toBeNull();
  }
});

it('asks an API whose answers are no scripts', async () => {
  const reply = await stack.call('GET', '/v1/me');
  expect([reply.headers.get('x-content-type-options'), reply.headers.get('cache-control')]).toEqual([
    'nosniff',
    'no-store',
  ]);
});
