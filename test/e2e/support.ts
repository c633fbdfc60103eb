import { createHmac, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { Reply, TestStack } from '../support/stack.ts';

export type Event = Record<string, unknown> & { id: string; time: string; action: string };

export interface Problems {
  readonly problems?: readonly { index?: number; path: string; message: string }[];
  readonly detail: string;
}

/** The least that a producer must say. */
export function event(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { action: 'test.done', actor: { email: 'jane@example.com' }, time: new Date().toISOString(), ...more };
}

/** Checks that the answer is a whole problem document (RFC 9457) and gives it. */
export function problem(reply: Reply, status: number): Problems & Record<string, unknown> {
  expect({ status: reply.status, text: reply.text }).toMatchObject({ status });
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  expect(reply.body).toMatchObject({
    type: expect.stringMatching(/^urn:annals:problem:[a-z_]+$/),
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/\S/),
    requestId: expect.stringMatching(/\S/),
  });
  expect(reply.headers.get('x-request-id')).toBe(reply.body['requestId']);
  expect(reply.text).not.toMatch(/annals_[a-z0-9-]+_[0-9a-f]{16}_/);
  expect(reply.text).not.toContain(SECRET);
  return reply.body as unknown as Problems & Record<string, unknown>;
}

/** The dot paths that a 400 names. */
export function pathsOf(reply: Reply): string[] {
  return (problem(reply, 400).problems ?? []).map(({ path }) => path);
}

/** Sends a request with its target exactly as given: `fetch` would tidy it up. */
export function rawCall(
  stack: TestStack,
  method: string,
  target: string,
  headers: Record<string, string> = { authorization: `Bearer ${stack.key}` },
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  const { hostname, port } = new URL(stack.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path: target, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** The actions of events, in their order. */
export function actions(events: readonly Record<string, unknown>[]): unknown[] {
  return events.map(({ action }) => action);
}

export interface Delivery {
  readonly secret?: string | null;
  readonly id?: string;
  readonly event?: string;
  readonly headers?: Record<string, string>;
}

/** Delivers a body as GitHub does, signed over the very bytes. A secret of null leaves the signature out. */
export function deliver(
  stack: TestStack,
  connection: string,
  payload: object | string | Uint8Array,
  { secret = SECRET, id = randomUUID(), event = 'repository', headers = {} }: Delivery = {},
): Promise<Reply<{ ids: string[] }>> {
  const isPlain = typeof payload === 'string' || payload instanceof Uint8Array;
  const body = Buffer.from(isPlain ? payload : JSON.stringify(payload));
  return stack.call('POST', `/v1/webhooks/${connection}`, {
    key: null,
    body: new Uint8Array(body),
    headers: {
      'x-github-event': event,
      'x-github-delivery': id,
      ...(secret !== null && {
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      }),
      ...headers,
    },
  });
}

export const SECRET = 'correct-horse-battery-staple';

/** A GitHub payload of the event `repository`. */
export function repository(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    action: 'created',
    repository: { id: 42, full_name: `octo/${name}`, name },
    sender: { id: 7, login: 'octocat', type: 'User' },
    ...more,
  };
}

/** What lies in the failures bucket under a prefix, by key. */
export async function failures(stack: TestStack, prefix: string): Promise<Map<string, Buffer>> {
  const { url, region, credentials } = stack.endpoint;
  const s3 = new S3Client({ endpoint: url, region, credentials, forcePathStyle: true });
  const Bucket = stack.outputs['FailuresBucket'];
  const objects = new Map<string, Buffer>();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    objects.set(Key, Buffer.from((await Body?.transformToByteArray()) ?? []));
  }
  s3.destroy();
  return objects;
}

/** All that the functions have logged so far. */
export function logs(stack: TestStack): string {
  const folder = join(stack.dir, 'logs');
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

/** The part of an API key that nobody else may know. */
export function secretOf(key: string): string {
  return key.split('_')[3] ?? '';
}
