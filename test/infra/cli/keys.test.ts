import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudFormation, startCloudFormation } from '../../support/cloudformation.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

describe('npm run keys', () => {
  let stack: TestStack;
  let cloudFormation: CloudFormation;
  beforeAll(async () => {
    stack = await startTestStack();
    cloudFormation = await startCloudFormation(stack);
  });
  afterAll(async () => {
    cloudFormation?.close();
    await stack?.close();
  });

  async function keys(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    const { env } = cloudFormation;
    return run(process.execPath, [join(ROOT, 'infra/cli/keys.ts'), ...args], { env }).then(
      ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({ ...error, status: error.code }),
    );
  }

  it('makes the first key of a deployment, which works and is written down', async () => {
    const made = await keys(
      'create',
      '--stack',
      'Annals-prod',
      '--name',
      'first',
      '--scopes',
      'read',
      '--sources',
      'annals.audit',
    );
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const key = made.stdout.trim();
    const [event] = await stack.page('source=annals.audit&action=key.create', key);
    expect(event).toMatchObject({ outcome: 'success', actor: { role: 'deployer' }, targets: [{ name: 'first' }] });
    expect((await stack.call('POST', '/v1/keys', { key, body: {} })).status).toBe(403);
  });

  it('lists and revokes keys', async () => {
    const key = (await keys('create', '--stack', 'Annals-prod', '--name', 'short-lived')).stdout.trim();
    const listed = JSON.parse((await keys('list', '--stack', 'Annals-prod')).stdout) as { id: string; name: string }[];
    const id = listed.find(({ name }) => name === 'short-lived')?.id ?? '';
    expect(JSON.stringify(listed)).not.toContain(key.split('_')[3]);
    expect((await keys('revoke', '--stack', 'Annals-prod', '--id', id)).status).toBe(0);
    expect((await stack.call('GET', '/v1/events', { key })).status).toBe(401);
  });

  it.each<[string, string[], RegExp]>([
    ['no stack', ['create', '--name', 'x'], /^usage: npm run keys/],
    ['a stack that is not there', ['list', '--stack', 'Other'], /can't read stack Other/],
    ['an unknown option', ['list', '--stack', 'Annals-prod', '--colour'], /--colour/],
    ['an unknown scope', ['create', '--stack', 'Annals-prod', '--name', 'x', '--scopes', 'all'], /scopes\.0/],
    ['an unknown key', ['revoke', '--stack', 'Annals-prod', '--id', 'none'], /has no key none/],
  ])('says plainly what is wrong with %s', async (_what, args, message) => {
    const { status, stderr, stdout } = await keys(...args);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
