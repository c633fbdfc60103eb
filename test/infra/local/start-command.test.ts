import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tempDir } from './template-support.ts';

const PROJECT = join(import.meta.dirname, '../../..');
/** Synthesis takes the longest, on a machine that runs other tests beside. */
const READY_MS = 60_000;

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs the start command until it says that all is ready. */
async function start(dir: string, ...args: string[]) {
  const child = spawn(process.execPath, ['infra/local/start.ts', '--port', '0', '--dir', dir, ...args], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit');
  await vi.waitFor(
    () => {
      if (child.exitCode === null && !output.includes('Ctrl-C stops')) throw new Error(`not ready:\n${output}`);
    },
    { timeout: READY_MS, interval: 50 },
  );
  const stop = async (signal: NodeJS.Signals) => {
    const since = performance.now();
    child.kill(signal);
    const [code] = await ended;
    return { code, ms: performance.now() - since };
  };
  return { output, stop };
}

const access = (dir: string) =>
  JSON.parse(readFileSync(join(dir, 'local.json'), 'utf8')) as { url: string; key: string };
const shell = (command: string) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: PROJECT, encoding: 'utf8' });
  return { status, stdout, stderr };
};
const count = async ({ url, key }: { url: string; key: string }, query: string) => {
  const response = await fetch(`${url}/v1/events?${query}`, { headers: { authorization: `Bearer ${key}` } });
  return ((await response.json()) as { events: unknown[] }).events.length;
};

describe('npm start', () => {
  const dir = tempDir();
  let first: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    first = await start(dir);
  }, READY_MS);

  it('comes up with demo events and says where and with which key', async () => {
    const { url, key, tenant } = access(dir) as { url: string; key: string; tenant: string };
    expect(first.output).toMatch(/Loaded \d+ demo events/);
    expect(first.output).toContain(`Annals answers at ${url}\n`);
    expect(first.output).toContain(`open ${url} in a browser and sign in with the API key`);
    expect(first.output).toContain(key);
    expect(tenant).toBe('main');
    expect(statSync(join(dir, 'local.json')).mode & 0o777).toBe(0o600);
    expect(await count({ url, key }, 'source=custom.demo-gatehouse&type=add_enrollment')).toBe(1);
  });

  it('serves the page at the same address', async () => {
    const response = await fetch(access(dir).url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(await response.text()) ?? [];
    expect((await fetch(access(dir).url + script)).status).toBe(200);
  });

  it('prints three commands that work as they are', () => {
    const [send = '', find = '', query = ''] = first.output.match(/^ {2}(curl|npm run) .*$/gm) ?? [];
    expect(JSON.parse(shell(send).stdout)).toMatchObject({ stored: 1 });
    expect(JSON.parse(shell(find).stdout).events).toMatchObject([{ action: 'hello.world', outcome: 'success' }]);
    expect(shell(query)).toMatchObject({ status: 0, stdout: expect.stringMatching(/hello\.world +you@example\.com/) });
  });

  it('refuses a second server in its folder', () => {
    const again = spawnSync(process.execPath, ['infra/local/start.ts', '--port', '0', '--dir', dir], {
      cwd: PROJECT,
      encoding: 'utf8',
    });
    expect(again).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Annals is running in .*\n$/),
    });
  });

  it('has lost nothing after a kill, loads no demo again and keeps its key', async () => {
    const { key } = access(dir);
    await first.stop('SIGKILL');
    expect(existsSync(join(dir, 'lock'))).toBe(true);
    const second = await start(dir);
    expect(second.output).not.toContain('demo events');
    expect(access(dir).key).toBe(key);
    expect(await count(access(dir), 'source=custom')).toBe(1);
    expect(await second.stop('SIGTERM')).toMatchObject({ code: 0 });
    expect(existsSync(join(dir, 'lock'))).toBe(false);
  });

  it('begins anew with --fresh, without demo events on --no-demo, and ends with 0 within two seconds of Ctrl-C', async () => {
    const { key } = access(dir);
    const third = await start(dir, '--fresh', '--no-demo');
    expect(access(dir).key).not.toBe(key);
    expect(await count(access(dir), 'limit=10')).toBe(0);
    const { code, ms } = await third.stop('SIGINT');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2000);
  });

  it('has vendors beside it on --vendors, which are polled at once, and ends with 0 all the same', {
    timeout: 240_000,
  }, async () => {
    const apart = tempDir();
    const fourth = await start(apart, '--no-demo', '--vendors');
    expect(fourth.output).toMatch(/\d+ fake vendors run beside it/);
    const collected = () => count(access(apart), 'source=fleet.activities');
    await expect.poll(collected, { timeout: 170_000, interval: 500 }).toBeGreaterThan(0);
    expect(await fourth.stop('SIGINT')).toMatchObject({ code: 0 });
  });
});
