import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartError } from '../../infra/local/stack/error.ts';
import type { LocalAccess } from '../../infra/local/stack/files.ts';
import { type RunningVendors, startVendors, vendorHints } from '../../infra/local/start/vendors.ts';
import { FAKE_VENDORS } from '../../infra/local/vendors/index.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const HISTORY = 3 * 48;
const sources = FAKE_VENDORS.map(({ source }) => source).sort();
const stateOf = (dir: string) =>
  JSON.parse(readFileSync(join(dir, 'vendors.json'), 'utf8')) as {
    begunAt: number;
    vendors: Record<string, { port: number; secrets: Record<string, string> }>;
  };

let stack: TestStack;
let access: LocalAccess;
let vendors: RunningVendors;
beforeAll(async () => {
  stack = await startTestStack();
  access = { url: stack.url, key: stack.key, tenant: 'main' };
  vendors = await startVendors(access, stack.dir);
});
afterAll(async () => {
  await vendors?.close();
  await stack?.close();
});

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly source: string;
}
const connections = async () => (await stack.call<{ connections: Shown[] }>('GET', '/v1/connections')).body.connections;

describe('fake vendors beside a local stack', () => {
  it('are one for each source that is polled, each with a connection', async () => {
    expect(vendors.count).toBe(sources.length);
    expect((await connections()).map(({ source }) => source).sort()).toEqual(sources);
    expect(statSync(join(stack.dir, 'vendors.json')).mode & 0o777).toBe(0o600);
  });

  it('have their history collected by the first tick, every event once', { timeout: 180_000 }, async () => {
    await stack.tick();
    const counts = await Promise.all(
      sources.map(async (source) => {
        const events = await stack.page(`source=${source}&limit=500&fields=id,time`);
        // What happened in the last minutes before the start is not settled yet at every vendor.
        const old = events.filter(({ time }) => Date.parse(String(time)) < stateOf(stack.dir).begunAt - 30 * 60_000);
        return [source, old.length] as const;
      }),
    );
    // The last of the history is between half an hour before the start and the start.
    for (const [source, count] of counts) expect([source, count]).toEqual([source, HISTORY - 1]);
  });

  it('go on where they were after a restart, with the secrets that were replaced meanwhile', async () => {
    const before = stateOf(stack.dir);
    const rotated = before.vendors['appomni.audit']?.secrets['refreshToken'];
    expect(rotated).not.toBe(FAKE_VENDORS.find(({ source }) => source === 'appomni.audit')?.secrets['refreshToken']);
    await vendors.close();
    vendors = await startVendors(access, stack.dir);
    expect(stateOf(stack.dir)).toEqual(before);
    expect(await connections()).toHaveLength(sources.length);
  });

  it('say which port they lack', async () => {
    await vendors.close();
    const [first = ''] = FAKE_VENDORS.map(({ source }) => source);
    const port = stateOf(stack.dir).vendors[first]?.port ?? 0;
    const blocker = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    await expect(startVendors(access, stack.dir)).rejects.toThrow(`port ${port}, where the fake ${first} was before`);
    await new Promise((resolve) => blocker.close(resolve));
    vendors = await startVendors(access, stack.dir);
  });

  it('say what the API has against a connection', async () => {
    const dir = join(stack.dir, 'logs');
    const wrong = { ...access, key: await stack.newKey({ scopes: ['read'] }) };
    await expect(startVendors(wrong, dir)).rejects.toThrow(StartError);
    await expect(startVendors(wrong, dir)).rejects.toThrow(/demo-appomni-audit could not be made: 403/);
    writeFileSync(join(dir, 'vendors.json'), '{"begunAt": "no"}');
    await expect(startVendors(wrong, dir)).rejects.toThrow(/vendors\.json can't be read: begin anew with --fresh/);
  });

  it('print commands to look at them', () => {
    const hints = vendorHints(access, vendors.count);
    expect(hints).toContain(`curl -sS ${access.url}/v1/sources -H 'authorization: Bearer ${access.key}'`);
  });
});
