import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConnections } from '../../../infra/cli/connection-file.ts';
import { writeLocalAccess } from '../../../infra/local/stack/files.ts';
import { fakeFleetActivities } from '../../../infra/local/vendors/fleet.activities.ts';
import type { InvalidRequestError } from '../../../shared/errors.ts';
import { type CloudFormation, startCloudFormation } from '../../support/cloudformation.ts';
import { type LiveVendor, startVendor } from '../../support/fake-world.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const TOKEN = fakeFleetActivities.secrets['token'] ?? '';

describe('npm run connections', () => {
  let stack: TestStack;
  let cloudFormation: CloudFormation;
  let fleet: LiveVendor;
  const folder = mkdtempSync(join(tmpdir(), 'annals-connections-'));
  beforeAll(async () => {
    stack = await startTestStack();
    cloudFormation = await startCloudFormation(stack);
    fleet = await startVendor(fakeFleetActivities, 'activities');
    fleet.happen(0, 4, new Date(Date.now() - 3_600_000));
    writeLocalAccess(stack.dir, { url: stack.url, key: stack.key, tenant: 'main' });
    writeFileSync(join(folder, 'token.txt'), `${TOKEN}\n`);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    cloudFormation?.close();
    await fleet?.close();
    await stack?.close();
  });

  async function connections(args: string[], environment: object = {}) {
    const env = { ...cloudFormation.env, ...environment };
    return run(process.execPath, [join(ROOT, 'infra/cli/connections.ts'), ...args], { env }).then(
      ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({ ...error, status: error.code }),
    );
  }
  const local = (...args: string[]) => connections([...args, '--dir', stack.dir]);
  function fileOf(name: string, content: unknown): string {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }
  const declared = (name: string, token: string, more: object = {}) => ({
    ...fleet.connection(name),
    backfillFrom: '2026-11-01',
    secrets: { token },
    ...more,
  });

  it('makes connections of a file, tests, backfills and deletes one', async () => {
    const file = fileOf('many.json', [
      declared('from-file', '@token.txt'),
      declared('from-environment', '$FLEET_TOKEN', { paused: true }),
    ]);
    const made = await connections(['apply', file, '--dir', stack.dir], { FLEET_TOKEN: TOKEN });
    expect(made).toEqual({ status: 0, stdout: 'made from-file\nmade from-environment\n', stderr: '' });
    expect(JSON.parse((await local('list')).stdout)).toMatchObject({
      connections: [
        { name: 'from-environment', paused: true, secrets: ['token'] },
        { name: 'from-file', paused: false },
      ],
    });
    const again = fileOf('one.json', declared('from-file', '@token.txt', { tier: '180d' }));
    expect((await local('apply', again)).stdout).toBe('changed from-file\n');
    expect(JSON.parse((await local('show', 'from-file')).stdout)).toMatchObject({ tier: '180d' });

    expect(await local('test', 'from-file')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ok +activities: an event of 20.*Z$/m),
    });
    const [from, to] = ['2026-01-01', '2026-01-03'];
    const asked = await local('backfill', 'from-file', '--from', from, '--to', to, '--streams', 'activities');
    const { backfills } = JSON.parse(asked.stdout);
    expect(backfills).toMatchObject([{ stream: 'activities', state: 'waiting' }]);
    await stack.tick();
    const progress = JSON.parse((await local('backfills', 'from-file')).stdout);
    expect(progress.backfills).toContainEqual(expect.objectContaining({ id: backfills[0].id, state: 'finished' }));
    expect(JSON.parse((await local('intervals', 'from-file')).stdout)).toHaveProperty('collected');
    expect((await local('delete', 'from-file')).stdout).toContain('deleted from-file');
    expect(await local('show', 'from-file')).toMatchObject({ status: 1, stderr: expect.stringContaining('404') });
  });

  it('works with a deployed stack, by a key of its own that is gone afterwards', async () => {
    const resumed = await connections(['resume', 'from-environment', '--stack', 'Annals-prod']);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ name: 'from-environment', paused: false });
    const { body } = await stack.call<{ keys: { name: string; revokedAt?: string }[] }>('GET', '/v1/keys');
    const own = body.keys.filter(({ name }) => name.startsWith('connections by '));
    expect(own).toEqual([expect.objectContaining({ revokedAt: expect.stringMatching(/Z$/) })]);
    const acts = await stack.page('source=annals.audit&fields=action,actor,targets&order=oldest');
    const named = acts.filter(({ targets }) => JSON.stringify(targets).includes('connections by '));
    expect(named.map(({ action }) => action)).toEqual(['key.create', 'key.revoke']);
    const byUrl = await connections(['pause', 'from-environment', '--url', stack.url], { ANNALS_KEY: stack.key });
    expect(JSON.parse(byUrl.stdout)).toMatchObject({ paused: true });
  });

  it('ends with status 1 when a test fails, and says why', async () => {
    const file = fileOf('bad.json', declared('bad', 'another-token'));
    expect((await local('apply', file)).status).toBe(0);
    const { status, stdout } = await local('test', 'bad');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAILED +activities: .*\(credential_refused\)\n +Fleet does not accept the token/);
    expect(stdout).not.toContain('another-token');
  });

  it.each<[string, () => string[], RegExp]>([
    ['the command', () => ['backfill', 'x', '--from', '2026-01-01'], /^usage: npm run connections/],
    [
      'the settings',
      () => ['apply', fileOf('z.json', declared('x', TOKEN, { settings: {} }))],
      /settings\.baseUrl is required/,
    ],
    [
      'another source under a name',
      () => ['apply', fileOf('w.json', { name: 'bad', source: 'duo.auth' })],
      /connection bad is there already: source can not be changed/,
    ],
  ])('says plainly what is wrong with %s', async (_, args, message) => {
    const { status, stderr, stdout } = await connections(['--dir', stack.dir, ...args()]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain(TOKEN);
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /x\.json is not JSON/],
    ['a field that is not known', [{ name: 'x', source: 'duo.auth', colour: 1 }], /0\.colour is not a known field/],
    ['no name', { source: 'duo.auth' }, /0\.name is required/],
    ['text', '"x"', /0 Invalid input/],
    ['a variable that is not set', { name: 'x', source: 'y', secrets: { token: '$NOT_THERE' } }, /NOT_THERE, which/],
    ['a file that is not there', { name: 'x', source: 'y', secrets: { token: '@none.txt' } }, /can't read .*none\.txt/],
  ])('reads no file with %s', async (_, content, message) => {
    const error = await readConnections(fileOf('x.json', content), {}).catch((reason: unknown) => reason);
    const { problems = [] } = error as InvalidRequestError;
    const said = [String(error), ...problems.map((one) => `${one.path} ${one.message}`)].join('\n');
    expect(said).toMatch(message);
  });
});
