import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageFiles } from '../../functions/page/files.ts';
import { serve } from '../../functions/page/serve.ts';
import { packPage } from '../../infra/page-files.ts';

const SCRIPT = `let a = ${JSON.stringify('words '.repeat(200))};\n`;
const HTML = '<!doctype html><title>é</title>';
const files = JSON.parse(
  packPage([
    { name: 'index.html', bytes: Buffer.from(HTML) },
    { name: 'assets/main-1a2b.js', bytes: Buffer.from(SCRIPT) },
  ]),
) as PageFiles;

function ask(rawPath: string, headers: Record<string, string> = {}) {
  const requestContext = { requestId: 'r1' } as APIGatewayProxyEventV2['requestContext'];
  const { headers: answered = {}, ...result } = serve(files, { rawPath, headers, requestContext });
  return { ...result, headers: answered as Record<string, string> };
}

function textOf({ headers, body = '' }: ReturnType<typeof ask>): string {
  const bytes = Buffer.from(body, 'base64');
  const coding = headers['content-encoding'];
  return (coding === 'br' ? brotliDecompressSync(bytes) : coding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

describe('the page', () => {
  it('is asked about each time, its files never again', () => {
    expect(ask('/')).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    });
    expect(ask('/assets/main-1a2b.js')).toMatchObject({
      statusCode: 200,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
      },
    });
  });

  it('is not sent to who has it', () => {
    const { etag = '' } = ask('/').headers;
    for (const known of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*']) {
      const { statusCode, headers, body } = ask('/', { 'if-none-match': known });
      expect({ statusCode, body }, known).toEqual({ statusCode: 304, body: undefined });
      expect(headers).toMatchObject({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' });
    }
    for (const other of ['', '"x"', ask('/assets/main-1a2b.js').headers['etag'] ?? ''])
      expect(ask('/', { 'if-none-match': other }).statusCode, other).toBe(200);
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['identity', undefined],
    ['', undefined],
  ])('comes to who accepts "%s" as %s', (accept, encoding) => {
    const answer = ask('/assets/main-1a2b.js', { 'accept-encoding': accept });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(textOf(answer)).toBe(SCRIPT);
  });

  it('is the same whatever one accepts', () => {
    const range = fc.oneof(
      fc.string(),
      fc.constantFrom('br', 'gzip', '*', 'br;q=0', 'gzip;q=x', 'identity;q=0', ';', '='),
    );
    fc.assert(
      fc.property(fc.array(range), (accepted) => {
        expect(textOf(ask('/', { 'accept-encoding': accepted.join(', ') }))).toBe(HTML);
      }),
    );
  });

  it('has nothing else', () => {
    const path = fc.oneof(
      fc.string().map((text) => `/${text}`),
      fc.constantFrom('/index.html', '/assets/', '/assets/main-1a2b.js/', '__proto__', 'constructor', '/toString', ''),
    );
    fc.assert(
      fc.property(
        path.filter((one) => one !== '/'),
        (one) => {
          const { statusCode, headers } = ask(one, { 'if-none-match': '*' });
          expect({ statusCode, type: headers['content-type'], cache: headers['cache-control'] }).toEqual({
            statusCode: 404,
            type: 'application/problem+json',
            cache: 'no-store',
          });
        },
      ),
    );
  });
});

describe('every answer', () => {
  const answers = [ask('/'), ask('/', { 'if-none-match': '*' }), ask('/assets/main-1a2b.js'), ask('/assets/none.js')];

  it('lets nothing of another origin in, and is in no frame', () => {
    for (const { headers } of answers) {
      const policy = headers['content-security-policy'] ?? '';
      expect(policy.split('; ')).toEqual(
        expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]),
      );
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringMatching(/^([a-z-]+=\(\)(, |$))+$/),
      });
      expect(headers).not.toHaveProperty('strict-transport-security');
    }
  });

  it('over TLS says that there is nothing without', () => {
    for (const path of ['/', '/assets/none.js'])
      expect(ask(path, { 'x-forwarded-proto': 'https' }).headers['strict-transport-security']).toMatch(
        /^max-age=\d{8}$/,
      );
  });
});
