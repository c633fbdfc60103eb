import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  type ParameterTier,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { createSsm } from '../../../../infra/local/aws/ssm.ts';
import { ACCOUNT, allow, clientOf, principal, REGION } from './endpoint-support.ts';

const operator = principal('operator');
const poller = principal('PollRole', [
  allow(['ssm:GetParameter'], [`arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/annals/acme/*`]),
]);
const name = '/annals/acme/github';

let dir: string;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annals-ssm-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  await rm(dir, { recursive: true });
});

async function start(file?: string) {
  const service = createSsm({ region: REGION, accountId: ACCOUNT, ...(file !== undefined && { file }) });
  const endpoint = await startEndpoint({ services: [service], principals: [operator, poller] });
  open.push(endpoint);
  const client = new SSMClient(clientOf(endpoint.url, operator));
  return {
    reader: new SSMClient(clientOf(endpoint.url, poller)),
    put: (Value: string, rest: { Overwrite?: boolean; Name?: string; Tier?: ParameterTier } = {}) =>
      client.send(new PutParameterCommand({ Name: name, Value, Type: 'SecureString', ...rest })),
    get: async (Name = name, WithDecryption = true) =>
      (await client.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter,
    remove: () => client.send(new DeleteParameterCommand({ Name: name })),
  };
}

describe('parameters', () => {
  it('are put, read and deleted', async () => {
    const { put, get, remove } = await start();
    expect((await put('secret')).Version).toBe(1);
    expect(await get()).toMatchObject({
      Name: name,
      Value: 'secret',
      Type: 'SecureString',
      Version: 1,
      ARN: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`,
    });
    await remove();
    await expect(get()).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(remove()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('are replaced only when asked to', async () => {
    const { put, get } = await start();
    await put('one');
    await expect(put('two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect((await put('two', { Overwrite: true })).Version).toBe(2);
    expect((await get())?.Value).toBe('two');
  });

  it('are not shown without decryption', async () => {
    const { put, get } = await start();
    await put('secret');
    expect((await get(name, false))?.Value).not.toContain('secret');
  });

  it('are refused when too large or misnamed', async () => {
    const { put, get } = await start();
    await expect(put('x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put('x', { Name: 'a b' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(get('__proto__')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('take the advanced tier for more than 4 KB where they may, and keep it', async () => {
    const { put, get } = await start();
    const intelligent = { Tier: 'Intelligent-Tiering', Overwrite: true } as const;
    expect((await put('x'.repeat(4096), intelligent)).Tier).toBe('Standard');
    expect((await put('x'.repeat(8192), intelligent)).Tier).toBe('Advanced');
    expect((await get())?.Value).toHaveLength(8192);
    await expect(put('x'.repeat(8193), intelligent)).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await put('small', intelligent)).Tier).toBe('Advanced');
    await expect(put('small', { Overwrite: true })).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await put('x'.repeat(5000), { Name: '/annals/acme/other', Tier: 'Advanced' })).Tier).toBe('Advanced');
  });

  it('obey the role of the caller', async () => {
    const { put, reader } = await start();
    await put('secret');
    await put('other', { Name: '/annals/evil/github' });
    const read = (Name: string) => reader.send(new GetParameterCommand({ Name, WithDecryption: true }));
    expect((await read(name)).Parameter?.Value).toBe('secret');
    const write = (Name: string) => reader.send(new PutParameterCommand({ Name, Value: 'mine', Overwrite: true }));
    for (const Name of [name, '/annals/acme', '/annals/evil/github'])
      await expect(write(Name)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    for (const Name of ['/annals/acme', '/annals/acme2/github', '/annals/other/acme/github'])
      await expect(read(Name)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(read('/annals/evil/github')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(reader.send(new DeleteParameterCommand({ Name: name }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('the file', () => {
  it('keeps the parameters for the next start, for its owner only', async () => {
    const file = join(dir, 'state', 'parameters.json');
    const first = await start(file);
    await Promise.all(['a', 'b', 'c'].map((one) => first.put(one, { Name: `/annals/${one}` })));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(dir, 'state'))).toEqual(['parameters.json']);
    const second = await start(file);
    for (const one of ['a', 'b', 'c']) expect((await second.get(`/annals/${one}`))?.Value).toBe(one);
  });

  it('leaves a parameter as it was when it can not be written', async () => {
    const file = join(dir, 'state', 'parameters.json');
    const { put, get } = await start(file);
    await put('one');
    await rm(join(dir, 'state'), { recursive: true });
    await writeFile(join(dir, 'state'), 'in the way');
    await expect(put('two', { Overwrite: true })).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    expect((await get())?.Value).toBe('one');
  });

  it('is refused with any other content', async () => {
    const file = join(dir, 'parameters.json');
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        fc.pre(text.trim() !== '{}');
        await writeFile(file, text);
        expect(() => createSsm({ file, region: REGION, accountId: ACCOUNT })).toThrow(/repair or remove/);
        expect(await readFile(file, 'utf8')).toBe(text);
      }),
      { numRuns: 50 },
    );
  });
});
