import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { runSql } from '../../infra/local/sql.ts';
import { type LocalStack, startStack } from '../../infra/local/stack.ts';
import type { Hooks } from '../../infra/local/types.ts';
import { createApiKey, type KeyRequest } from '../../shared/control/keys.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { BACKEND } from './dynamo.ts';

/** What the API answered. */
export interface Reply<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: T;
}

/** The deployed template running in this process, with an admin key and shorthands. */
export interface TestStack extends LocalStack {
  readonly dir: string;
  readonly key: string;
  call<T = Record<string, unknown>>(method: string, path: string, options?: CallOptions): Promise<Reply<T>>;
  /** Delivers everything, then asks SQL; rows as objects. */
  sql(statement: string): Promise<Record<string, unknown>[]>;
  /** A tick of the dispatcher, and every poll that it starts, to their end. Schedules don't tick by themselves. */
  tick(): Promise<void>;
  newKey(request?: Partial<KeyRequest> & { tenant?: string }): Promise<string>;
  /** Every event that the query gives, page after page. */
  page(query?: string, key?: string): Promise<Record<string, unknown>[]>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** In place of the admin key; null sends none. */
  readonly key?: string | null;
}

/** Starts a stack in a folder of its own, which `close` removes unless it was given. */
export async function startTestStack(
  options: {
    hooks?: Hooks;
    dir?: string;
    log?: (message: string) => void;
    schedules?: boolean;
    /** @default the one that all tests share */
    templateFile?: string;
  } = {},
): Promise<TestStack> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'annals-test-'));
  const stack = await startStack({
    templateFile: inject('templateFile'),
    port: 0,
    log: () => {},
    backend: BACKEND,
    schedules: false,
    ...options,
    dir,
  });
  const { endpoint, outputs, url } = stack;
  const dynamo = new DynamoDBClient({
    endpoint: endpoint.url,
    region: endpoint.region,
    credentials: endpoint.credentials,
  });
  const control = new ControlTable(dynamo, outputs['ControlTable'] ?? '');
  const newKey: TestStack['newKey'] = async ({ tenant = 'main', ...request } = {}) =>
    (await createApiKey(control, { name: 'test', scopes: ['ingest', 'read', 'admin'], ...request, tenant })).key;
  const key = await newKey();

  const call: TestStack['call'] = async (method, path, { body, headers = {}, key: other } = {}) => {
    const bearer = other === undefined ? key : other;
    const isPlain = typeof body === 'string' || body instanceof Uint8Array || body === undefined;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isPlain ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };

  return {
    ...stack,
    dir,
    key,
    call,
    tick: () => stack.runSchedule('PollingDispatch'),
    newKey,
    async sql(statement) {
      await stack.flush();
      const { columns, rows } = await runSql({ dir, sql: statement });
      return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
    },
    async page(query = '', other) {
      const events: Record<string, unknown>[] = [];
      let cursor: string | null = null;
      do {
        const parameters = new URLSearchParams(query);
        if (cursor !== null) parameters.set('cursor', cursor);
        const reply: Reply<{ events: Record<string, unknown>[]; next: string | null }> = await call(
          'GET',
          `/v1/events?${parameters}`,
          other === undefined ? {} : { key: other },
        );
        if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
        events.push(...reply.body.events);
        cursor = reply.body.next;
      } while (cursor !== null);
      return events;
    },
    async close() {
      dynamo.destroy();
      await stack.close();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}
