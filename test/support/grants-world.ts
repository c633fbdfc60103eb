import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { expect, vi } from 'vitest';
import { runSql } from '../../infra/local/sql.ts';
import type { Fault } from '../../infra/local/types.ts';
import type { Scope } from '../../shared/control/keys.ts';
import { type CallOptions, type Reply, startTestStack, type TestStack } from './stack.ts';

/** What a role has its grants for. `run` fails an assertion, and nothing else, when one of them is missing. */
export interface Scenario {
  readonly name: string;
  /** The role's logical id, without CDK's hash. */
  readonly role: string;
  /** As `<action> on <resource>`, with the names of the template in place of ARNs. */
  readonly grants: readonly string[];
  run(world: World): Promise<void>;
}

/** Scenarios of one role. */
export function scenariosOf(role: string, scenarios: readonly Omit<Scenario, 'role'>[]): Scenario[] {
  return scenarios.map((one) => ({ role, ...one }));
}

/** What a function needs to write its log; `name` is its logical id up to `Handler`. */
export function logGrants(name: string): string[] {
  return ['CreateLogStream', 'PutLogEvents'].map((one) => `logs:${one} on log-group:${name}Logs:*`);
}

/** A tenant that nobody has seen before, so that no function remembers anything of it. */
export interface Tenant {
  readonly name: string;
  readonly key: string;
  call<T = Record<string, unknown>>(method: string, path: string, options?: CallOptions): Promise<Reply<T>>;
  /** Sends an event of the tenant's in the name of `jane`; its id. */
  send(more?: object): Promise<string>;
  /** Ids of the events that the query finds. */
  find(query?: string): Promise<unknown[]>;
}

/** A stack whose grants are taken away one by one, and the operator's eyes on it. */
export interface World {
  readonly stack: TestStack;
  readonly firehose: FirehoseClient;
  newTenant(scopes?: Scope[]): Promise<Tenant>;
  /** Delivers everything, or as much as can be: returns when a role is refused something, too. */
  settle(): Promise<void>;
  /** Ids of the events that SQL finds of these, of what has been delivered so far. */
  landed(id: string): Promise<unknown[]>;
  /** Texts of all objects under a prefix. */
  objects(bucket: 'landing' | 'failures', prefix: string): Promise<string[]>;
  /** Names of all SSM parameters. */
  parameters(): string[];
  log(functionName: string): string;
  /** Fails if a text is not in the log of a function, nor comes while one may wait for it. */
  logged(functionName: string, text: string): Promise<void>;
  /** What `logged` did not find. */
  readonly unlogged: { readonly functionName: string; readonly text: string }[];
  /** How long `logged` waits, in milliseconds. @default 10,000 */
  patienceMs: number;
  /** Makes the next call of an action fail. */
  failNext(action: string, fault: Fault): void;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const faults: { readonly action: string; readonly fault: Fault }[] = [];
  let refused = Promise.withResolvers<void>();
  const stack = await startTestStack({
    hooks: {
      observe: (_call, allowed) => void (allowed || refused.resolve()),
      fault: ({ action }) => {
        const index = faults.findIndex((one) => one.action === action);
        return index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
      },
    },
  });
  const { url: endpoint, region, credentials } = stack.endpoint;
  const firehose = new FirehoseClient({ endpoint, region, credentials });
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const unlogged: World['unlogged'] = [];

  const log: World['log'] = (functionName) => {
    const { id = '' } = stack.template.functions.find((one) => one.id.startsWith(functionName)) ?? {};
    return readFileSync(join(stack.dir, 'logs', `${id}.log`), 'utf8');
  };

  async function newTenant(scopes: Scope[] = ['ingest', 'read', 'admin']): Promise<Tenant> {
    const name = `t-${randomUUID().slice(0, 8)}`;
    const key = await stack.newKey({ tenant: name, scopes });
    const call: Tenant['call'] = (method, path, options) => stack.call(method, path, { key, ...options });
    return {
      name,
      key,
      call,
      async send(more = {}) {
        const body = { action: 'a', actor: { name: 'jane' }, time: new Date().toISOString(), ...more };
        const reply = await call<{ ids: string[] }>('POST', '/v1/events', { body });
        expect(reply.status, reply.text).toBe(202);
        return reply.body.ids[0] ?? '';
      },
      async find(query = '') {
        const reply = await call<{ events: { id: string }[] }>('GET', `/v1/events?${query}`);
        expect(reply.status, reply.text).toBe(200);
        return reply.body.events.map(({ id }) => id);
      },
    };
  }

  const world: World = {
    stack,
    firehose,
    newTenant,
    parameters: () => Object.keys(JSON.parse(readFileSync(join(stack.dir, 'parameters.json'), 'utf8'))),
    log,
    unlogged,
    patienceMs: 10_000,
    async settle() {
      refused = Promise.withResolvers();
      // A delivery that fails is seen in what is missing.
      await Promise.race([stack.flush().catch(() => {}), refused.promise]);
    },
    async landed(id) {
      const { rows } = await runSql({ dir: stack.dir, sql: `select id from events where id = '${id}'` });
      return rows.flat();
    },
    async objects(bucket, prefix) {
      const Bucket = stack.outputs[bucket === 'landing' ? 'LandingBucket' : 'FailuresBucket'] ?? '';
      const texts: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: prefix })) {
        for (const { Key } of Contents)
          texts.push((await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '');
      }
      return texts;
    },
    async logged(functionName, text) {
      try {
        const options = { timeout: world.patienceMs, interval: 10 };
        await vi.waitFor(() => expect(log(functionName)).toContain(text), options);
      } catch (error) {
        unlogged.push({ functionName, text });
        throw error;
      }
    },
    failNext: (action, fault) => void faults.push({ action, fault }),
    async close() {
      for (const client of [firehose, s3]) client.destroy();
      await stack.close();
    },
  };
  return world;
}
