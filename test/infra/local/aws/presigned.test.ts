import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPresigned } from '../../../../infra/local/aws/presigned.ts';
import { allow, principal } from './endpoint-support.ts';
import { startS3, type TestS3 } from './s3-support.ts';

const reader = principal('Reader', [allow(['s3:GetObject'], ['arn:aws:s3:::plain/exports/*'])]);
const other = principal('Other');
const KEY = "exports/main/a b/it's (1)*é.ndjson.gz";
let world: TestS3;

beforeAll(async () => {
  world = await startS3([reader, other]);
  for (const Key of [KEY, 'private'])
    await world.client.send(new PutObjectCommand({ Bucket: 'plain', Key, Body: `bytes of ${Key}` }));
});
afterAll(() => world?.close());

/** Signed `ago` seconds ago. */
function link(Key = KEY, { who = reader, ago = 0, more = {} } = {}): Promise<string> {
  return getSignedUrl(world.clientFor(who), new GetObjectCommand({ Bucket: 'plain', Key, ...more }), {
    expiresIn: 900,
    signingDate: new Date(Date.now() - ago * 1_000),
  });
}

async function get(url: string, options: RequestInit = {}) {
  const response = await fetch(url, options);
  const text = await response.text();
  return { status: response.status, code: /<Code>(\w+)/.exec(text)?.[1], text };
}

describe('a link', () => {
  it('gives its object to whoever has it', async () => {
    expect(await get(await link())).toMatchObject({ status: 200, text: `bytes of ${KEY}` });
  });

  it('gives a part of it, and asks for a checksum that was signed into it', async () => {
    const url = await link(KEY, { more: { ChecksumMode: 'ENABLED' } });
    expect(await get(url, { headers: { range: 'bytes=0-4' } })).toMatchObject({ status: 206, text: 'bytes' });
  });

  it('gives nothing after its time', async () => {
    expect(await get(await link(KEY, { ago: 899 }))).toMatchObject({ status: 200 });
    expect(await get(await link(KEY, { ago: 901 }))).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('gives no more than the role that signed it may', async () => {
    expect(await get(await link('private'))).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await get(await link(KEY, { who: other }))).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await get(await link(KEY, { who: principal('Unknown') }))).toMatchObject({ code: 'InvalidAccessKeyId' });
  });

  it.each<[string, (url: string) => string]>([
    ['another key', (url) => url.replace('/main/', '/other/')],
    ['a longer time', (url) => url.replace('X-Amz-Expires=900', 'X-Amz-Expires=90000')],
    ['another parameter', (url) => `${url}&versionId=x`],
    ['another signature', (url) => url.replace(/X-Amz-Signature=\w{4}/, 'X-Amz-Signature=0000')],
    ['half a signature', (url) => url.replace(/(X-Amz-Signature=\w{10})\w+/, '$1')],
  ])('that was changed to %s gives nothing', async (_, change) => {
    const url = await link();
    expect(await get(change(url))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('can not be used to write', async () => {
    expect(await get(await link(), { method: 'PUT', body: 'other' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it.each(['X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders', 'X-Amz-Algorithm', 'X-Amz-Signature'])(
    'without %s is malformed',
    async (name) => {
      const url = new URL(await link());
      url.searchParams.delete(name);
      expect(await get(url.href)).toMatchObject({ status: 400, code: 'AuthorizationQueryParametersError' });
    },
  );
});

it('a request without a signature in its query is none', () => {
  const request = {
    method: 'GET',
    path: '/',
    query: new URLSearchParams('versionId=1'),
    headers: {},
    body: Buffer.alloc(0),
  };
  expect(readPresigned(request)).toBeUndefined();
});
