import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { demoEvents } from '../../../infra/local/demo/events.ts';
import { loadDemo } from '../../../infra/local/demo.ts';
import { StartError } from '../../../infra/local/stack/error.ts';
import { isLocalKey, readLocalAccess, writeLocalAccess, writeStackFile } from '../../../infra/local/stack/files.ts';
import { lockFolder } from '../../../infra/local/stack/lock.ts';
import { parseArguments } from '../../../infra/local/start/arguments.ts';
import { deleteData } from '../../../infra/local/start/fresh.ts';
import { hints } from '../../../infra/local/start/hints.ts';
import { synthesizeApart } from '../../../infra/local/start/synthesize.ts';
import { readProducerEvent } from '../../../shared/event/producer.ts';
import type { Json } from '../../../shared/json.ts';
import { tempDir } from './template-support.ts';

const NOW = Date.parse('2026-11-22T14:00:00Z');

describe('arguments', () => {
  it('have defaults', () => {
    const defaults = { port: 8787, dir: '.annals', fresh: false, demo: true, vendors: false, help: false };
    expect(parseArguments([])).toEqual(defaults);
    expect(parseArguments(['--port', '0', '--dir', 'x', '--fresh', '--no-demo', '--vendors'])).toEqual({
      port: 0,
      dir: 'x',
      fresh: true,
      demo: false,
      vendors: true,
      help: false,
    });
  });

  it.each([
    ['--prot', '1'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port', 'x'],
    ['--dir', ''],
    ['extra'],
    ['--fresh=yes'],
  ])('refuse %s %s', (...args) => {
    expect(() => parseArguments(args)).toThrow(StartError);
  });
});

describe('the lock of a folder', () => {
  it('keeps a second start out, in this process too, until it is released', () => {
    const dir = join(tempDir(), 'made', 'on the way');
    const lock = lockFolder(dir);
    expect(() => lockFolder(dir)).toThrow(`Annals is running in ${dir} already (process ${process.pid})`);
    lock.release();
    lock.release();
    lockFolder(dir).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['a process that is gone', `${spawnSync(process.execPath, ['-e', '']).pid} 1\n`],
    ['this process id in an earlier life', `${process.pid} 1\n`],
    ['a process id that was given to another since', `${process.ppid} 1\n`],
    ['a start that was killed while it wrote', ''],
  ])('is taken over from %s', (_, content) => {
    const dir = tempDir();
    writeFileSync(join(dir, 'lock'), content);
    lockFolder(dir).release();
  });

  it.skipIf(!existsSync('/proc/self/stat'))('is left to another process that runs', () => {
    const dir = tempDir();
    const own = lockFolder(dir);
    const child = spawnSync(
      process.execPath,
      [
        '-e',
        `import(${JSON.stringify(join(import.meta.dirname, '../../../infra/local/stack/lock.ts'))}).then(({ lockFolder }) => lockFolder(${JSON.stringify(dir)}))`,
      ],
      { encoding: 'utf8' },
    );
    expect(child.status).not.toBe(0);
    expect(child.stderr).toMatch(/Annals is running in/);
    own.release();
  });

  it.each(['/proc/annals', join(import.meta.filename, 'below')])('is refused in %s', (dir) => {
    expect(() => lockFolder(dir)).toThrow(StartError);
  });
});

describe('--fresh', () => {
  it('deletes what a start puts into the folder, and not the lock', () => {
    const dir = tempDir();
    for (const name of ['cdk.out', 'dynamodb', 'firehose', 's3', 's3-tmp', 'logs']) mkdirSync(join(dir, name));
    for (const name of [
      'local.json',
      'stack.json',
      'demo.json',
      'parameters.json',
      'vendors.json',
      'lock',
      '.gitignore',
    ])
      writeFileSync(join(dir, name), '');
    writeFileSync(join(dir, 'event-source-045f428c-67ac-dda2-77ef-ba98af43d775.json'), '');
    deleteData(dir);
    expect(readdirSync(dir).sort()).toEqual(['.gitignore', 'lock']);
  });

  it('deletes nothing from a folder that holds anything else', () => {
    const dir = tempDir();
    for (const name of ['stack.json', 'thesis.tex']) writeFileSync(join(dir, name), '');
    expect(() => deleteData(dir)).toThrow(/holds thesis\.tex, so --fresh deletes nothing/);
    expect(readdirSync(dir)).toEqual(['stack.json', 'thesis.tex']);
  });
});

describe('the files for commands', () => {
  const access = { url: 'http://127.0.0.1:1', key: 'annals_main_x', tenant: 'main' };

  it('give access to their owner only, and tell the key from others', () => {
    const dir = tempDir();
    expect(readLocalAccess(dir)).toBeUndefined();
    expect(isLocalKey(dir, '')).toBe(false);
    writeLocalAccess(dir, access);
    expect(JSON.parse(readFileSync(join(dir, 'local.json'), 'utf8'))).toEqual(access);
    expect(statSync(join(dir, 'local.json')).mode & 0o777).toBe(0o600);
    expect([isLocalKey(dir, 'annals_main_x'), isLocalKey(dir, 'annals_main_y')]).toEqual([true, false]);
    writeFileSync(join(dir, 'local.json'), '{"url":1}');
    expect(readLocalAccess(dir)).toBeUndefined();
  });

  it('say where things lie', () => {
    const dir = tempDir();
    writeStackFile(dir, { LandingBucket: 'l', ArchiveBucket: 'a', FailuresBucket: 'f', Database: 'd', Other: 'o' });
    expect(JSON.parse(readFileSync(join(dir, 'stack.json'), 'utf8'))).toEqual({
      buckets: { landing: 'l', archive: 'a', failures: 'f' },
      database: 'd',
    });
  });

  it('are hinted at with three commands, that name the folder where it is not the default', () => {
    const text = hints(access, "my 'data'");
    expect(text).toMatch(
      /^ {2}curl -sS http:\/\/127\.0\.0\.1:1\/v1\/events -H 'authorization: Bearer annals_main_x'.* -d /m,
    );
    expect(text).toMatch(/^ {2}curl -sS 'http:\/\/127\.0\.0\.1:1\/v1\/events\?/m);
    expect(text).toMatch(/^ {2}npm run --silent sql -- ".*" --dir 'my '\\''data'\\'''$/m);
    expect(hints(access, '.annals')).not.toContain('--dir');
  });
});

describe('demo events', () => {
  const events = demoEvents(NOW);

  it('are about 500 of the last 30 days, each valid, marked and with an id of its own', () => {
    expect(events.length).toBeGreaterThan(450);
    expect(events.length).toBeLessThan(550);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const event of events) {
      const sent = JSON.parse(JSON.stringify(event)) as Json;
      expect(readProducerEvent(sent, 'main', NOW)).toHaveProperty('facts');
      expect(event.raw.demo).toBe(true);
      expect(event.source).toMatch(/^custom\.demo-/);
      expect(Date.parse(event.time)).toBeLessThan(NOW);
      expect(Date.parse(event.time)).toBeGreaterThan(NOW - 31 * 86_400_000);
    }
  });

  it('tell of people of example.com and of what is worth finding', () => {
    const people = new Set(events.map(({ actor }) => actor.email));
    expect(people.size).toBe(12);
    for (const email of people) expect(email).toMatch(/@example\.com$/);
    const types = new Set(events.map(({ type }) => type));
    for (const type of [
      'account_login',
      'add_to_group',
      'update_role',
      'add_permission',
      'download_resource',
      'update_security_configuration',
    ])
      expect(types).toContain(type);
    const guessed = events
      .filter(({ raw }) => raw.story === 'somebody guessed a password')
      .map(({ outcome }) => outcome);
    expect(guessed).toEqual([...Array(9).fill('failure'), 'success', 'success']);
  });

  it('are the same whenever they are made, but for the dates', () => {
    const DAY = 86_400_000;
    const later = demoEvents(NOW + 5 * DAY).map((event) => ({
      ...event,
      time: new Date(Date.parse(event.time) - 5 * DAY).toISOString(),
    }));
    expect(later).toEqual(events);
  });
});

describe('loading the demo', () => {
  const servers: { close(): unknown }[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** An API that takes events until `limit` requests have come. */
  async function api(limit = Number.POSITIVE_INFINITY) {
    const received: { id: string; time: string }[] = [];
    let requests = 0;
    const server = createServer(async (request, response) => {
      const events = (await json(request)) as typeof received;
      response.statusCode = ++requests > limit ? 503 : 202;
      if (response.statusCode === 202) received.push(...events);
      response.end('{"message":"as asked"}');
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { received, access: { url, key: 'k', tenant: 'main' } };
  }

  it('happens on the first start, once', async () => {
    const dir = tempDir();
    const { access, received } = await api();
    const count = await loadDemo({ access, dir, wanted: true });
    expect(received).toHaveLength(count);
    expect(await loadDemo({ access, dir, wanted: true })).toBe(0);
    expect(received).toHaveLength(count);
  });

  it('does not happen when it is not wanted, nor on a later start', async () => {
    const { access, received } = await api();
    const dir = tempDir();
    expect(await loadDemo({ access, dir, wanted: false })).toBe(0);
    expect(await loadDemo({ access, dir, wanted: true })).toBe(0);
    expect(received).toEqual([]);
  });

  it('goes on after a failure with the same ids and times', async () => {
    const dir = tempDir();
    const broken = await api(2);
    await expect(loadDemo({ access: broken.access, dir, wanted: true, now: NOW })).rejects.toThrow(
      /demo events were not taken: 503 .*as asked/,
    );
    const { access, received } = await api();
    await loadDemo({ access, dir, wanted: true, now: NOW + 86_400_000 });
    expect(received.slice(0, 200)).toEqual(broken.received);
  });
});

describe('the command', () => {
  const start = (...args: string[]) => {
    const file = join(import.meta.dirname, '../../../infra/local/start.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    return { status, stdout, stderr };
  };

  it('says in one line that a port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const result = start('--port', String(port), '--dir', tempDir());
    server.close();
    expect(result).toEqual({ status: 1, stdout: '', stderr: `port ${port} is in use: give another with --port\n` });
  });

  it('says in one line that a folder can not be had', () => {
    const dir = join(import.meta.filename, 'below');
    expect(start('--port', '0', '--dir', dir)).toEqual({
      status: 1,
      stdout: '',
      stderr: `the folder ${dir} can't be made: ENOTDIR\n`,
    });
  });

  it('refuses what it does not know, and tells how it is used', () => {
    const { status, stderr } = start('--verbose');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Unknown option '--verbose'\nusage: npm start/);
    expect(start('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^usage: npm start/) });
  });
});

it('says in one line that Node.js is too old, before anything else is loaded', () => {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`;
  const check = join(import.meta.dirname, '../../../infra/local/require-node.mjs');
  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [...args, '--import', check, '-e', ''], {
      encoding: 'utf8',
    });
    return { status, stderr };
  };
  expect(run()).toEqual({ status: 0, stderr: '' });
  expect(run('--import', `data:text/javascript,${encodeURIComponent(pretend)}`)).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^Annals needs Node\.js 24, and this is 20\.1\.0: .*\n$/),
  });
});

it('says why a stack can not be synthesised', async () => {
  // A file is in the place where the folder is to be.
  const outdir = join(import.meta.filename, 'cdk.out');
  await expect(synthesizeApart(outdir)).rejects.toThrow(/^the stack can't be synthesised: .*ENOTDIR/);
});
