import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlCommand } from '../../../infra/cli/sql.ts';
import { createArchive, EVENT, type TestArchive } from './sql-support.ts';

const NOT_RUNNING = 'Annals is not running; events that are not delivered yet are missing here\n';

let archive: TestArchive;
beforeAll(async () => {
  archive = await createArchive();
  await archive.land('2026-11-22T12:00:00Z', EVENT, {
    ...EVENT,
    id: '02',
    time: '2026-11-22T08:00:00Z',
    action: 'say "hi",\n\u001b[31mred\u202e',
    raw: 'x'.repeat(200),
    raw_size: null,
    targets: [],
  });
});
afterAll(() => archive.remove());

/** Runs the command as a process would, with the archive as its data directory. */
async function sql(args: readonly string[], dir = archive.dir, input = '') {
  const out: string[] = [];
  const err: string[] = [];
  const status = await sqlCommand([...args, '--dir', dir], {
    stdin: Readable.from([input]),
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  });
  return { status, stdout: out.join(''), stderr: err.join('') };
}

async function listen(listener: RequestListener): Promise<{ url: string; close(): Promise<unknown> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => once(server.close(), 'close') };
}

describe('formats', () => {
  it('table is aligned, numbers to the right, times in UTC, nulls empty, strangers’ text harmless', async () => {
    const { stdout } = await sql(['SELECT id, time, action, raw_size, raw FROM events ORDER BY id']);
    expect(stdout.split('\n')).toEqual([
      `id  time                      action                            raw_size  raw`,
      `--  ------------------------  --------------------------------  --------  ${'-'.repeat(80)}`,
      `01  2026-11-22T23:30:00.123Z  repo.create                              7  {"n":1}`,
      `02  2026-11-22T08:00:00.000Z  say "hi",\\n\\u{1b}[31mred\\u{202e}            ${'x'.repeat(79)}…`,
      '(2 rows)',
      '',
    ]);
    expect((await sql(['SELECT targets FROM events ORDER BY id LIMIT 1'])).stdout).toContain(
      '\n[{"type":"repository","id":"r1","name":null,"email":null}]\n',
    );
  });

  it('table of nothing has its head, and of one row says so', async () => {
    expect((await sql(['SELECT id FROM events WHERE false'])).stdout).toBe('id\n--\n(0 rows)\n');
    expect((await sql(['SELECT id FROM events LIMIT 1'])).stdout).toContain('(1 row)\n');
  });

  it('table shows a plan as it is drawn', async () => {
    const { stdout } = await sql(['EXPLAIN SELECT id FROM events']);
    expect(stdout).toMatch(/^┌─+┐\n│ +PROJECTION +│\n[\s\S]*\n│ +WINDOW +│\n/);
  });

  it('json is an array of objects, whole', async () => {
    const { stdout } = await sql([
      'SELECT id, time, action, raw_size, raw, targets FROM events ORDER BY id',
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout)).toEqual([
      {
        id: '01',
        time: '2026-11-22T23:30:00.123Z',
        action: 'repo.create',
        raw_size: 7,
        raw: '{"n":1}',
        targets: [{ type: 'repository', id: 'r1', name: null, email: null }],
      },
      {
        id: '02',
        time: '2026-11-22T08:00:00.000Z',
        action: 'say "hi",\n\u001b[31mred\u202e',
        raw_size: null,
        raw: 'x'.repeat(200),
        targets: [],
      },
    ]);
    expect(JSON.parse((await sql(['SELECT id FROM events WHERE false', '--format', 'json'])).stdout)).toEqual([]);
    const numbers = await sql(["SELECT 9007199254740993 AS big, 1 AS a, 'b' AS a", '--format=json']);
    expect(JSON.parse(numbers.stdout)).toEqual([{ big: '9007199254740993', a: 1, 'a:1': 'b' }]);
  });

  it('csv quotes what needs it', async () => {
    const { stdout } = await sql([
      'SELECT id, action, raw_size, targets, true AS b FROM events ORDER BY id',
      '--format',
      'csv',
    ]);
    expect(stdout).toBe(
      'id,action,raw_size,targets,b\n' +
        '01,repo.create,7,"[{""type"":""repository"",""id"":""r1"",""name"":null,""email"":null}]",true\n' +
        '02,"say ""hi"",\n\u001b[31mred\u202e",,[],true\n',
    );
  });
});

describe('arguments', () => {
  it('a statement comes from standard input for -', async () => {
    expect(await sql(['-', '--format', 'csv'], archive.dir, 'SELECT count(*) AS n\nFROM events;\n')).toEqual({
      status: 0,
      stdout: 'n\n2\n',
      stderr: NOT_RUNNING,
    });
  });

  it.each([
    [['SELECT 1', '--formt', 'csv'], /^Unknown option '--formt'\nusage: /],
    [['SELECT 1', '--format', 'xml'], /^--format must be one of table, json, csv\nusage: /],
    [['SELECT 1', '--format', 'toString'], /^--format must be one of table, json, csv\nusage: /],
    [['SELECT', '1'], /^sql takes one statement, in quotes, or --query, or --queries\nusage: /],
    [[], /^sql takes one statement, in quotes, or --query, or --queries\nusage: /],
    [['SELECT 1', '--query', 'actor-activity'], /^sql takes one statement/],
    [['--query', 'actor-activity', '--queries'], /^sql takes one statement/],
    [['SELECT 1', '--param', 'actor=x'], /^--param goes with --query only\nusage: /],
    [['--query', 'nope'], /^there is no query nope: actor-activity, dormant-admins, /],
    [['--query', 'actor-activity'], /^actor-activity needs actor: an id, name or e-mail\n$/],
    [['--query', 'actor-activity', '--param', 'actor'], /^--param takes name=value, and not "actor"\n$/],
    [['--query', 'actor-activity', '--param', 'actor=x', '--param', 'actor=y'], /^--param actor is given twice\n$/],
    [
      ['--query', 'actor-activity', '--param', '__proto__=x'],
      /no parameter __proto__: it takes actor, tenant, from, to/,
    ],
  ])('%j is refused in a sentence', async (args, stderr) => {
    expect(await sql(args)).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(stderr) });
  });

  it('an error of SQL is one line', async () => {
    const { status, stdout, stderr } = await sql(['SELECT nope FROM events']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.replace(NOT_RUNNING, '')).toMatch(/^Binder Error: .*nope.*\n$/);
  });

  it('a folder where nothing was started is named', async () => {
    const { status, stderr } = await sql(['SELECT 1'], join(archive.dir, 'nowhere'));
    expect(status).toBe(1);
    expect(stderr).toContain('nowhere/stack.json: start Annals once with npm start');
  });
});

describe('saved queries', () => {
  it('run by their names', async () => {
    const args = ['--query', 'target-activity', '--param', 'target=R1', '--param', 'tenant=acme', '--format', 'csv'];
    const { status, stdout } = await sql(args);
    expect(status).toBe(0);
    expect(stdout.split('\n')[1]).toMatch(/^2026-11-22T23:30:00\.123Z,acme,github\.audit,repo\.create,/);
    const other = await sql([...args, '--param', 'from=2026-11-23']);
    expect(other.stdout.split('\n')).toHaveLength(2);
  });

  it('are listed with their parameters, and the views, also where nothing was started', async () => {
    const { status, stdout, stderr } = await sql(['--queries'], join(archive.dir, 'nowhere'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('\nlogins-failed-then-succeeded\n  Failed, then successful logins. Who got in ');
    expect(stdout).toContain('\n    minutes   within so many minutes before the success (integer, default 60)\n');
    expect(stdout).toContain('\n    target  an id, name or e-mail (text, required)\n');
    expect(stdout).toContain('\n  logins: Attempts to log in');
  });
});

describe('before it reads', () => {
  it('has the running Annals deliver', async () => {
    const one = await createArchive();
    const requests: string[] = [];
    const server = await listen(async (request, response) => {
      requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      await one.land('2026-11-22T00:00:00Z', EVENT);
      response.end();
    });
    await writeFile(join(one.dir, 'local.json'), JSON.stringify({ url: server.url, key: 'annals_k', tenant: 'acme' }));
    expect(await sql(['SELECT id FROM events', '--format', 'csv'], one.dir)).toEqual({
      status: 0,
      stdout: 'id\n01\n',
      stderr: '',
    });
    expect(requests).toEqual(['POST /_local/flush Bearer annals_k']);

    await server.close();
    expect(await sql(['SELECT 1 AS a', '--format', 'csv'], one.dir)).toEqual({
      status: 0,
      stdout: 'a\n1\n',
      stderr: NOT_RUNNING,
    });
    await one.remove();
  });

  it('says why when it can’t, and goes on', async () => {
    const one = await createArchive();
    const server = await listen((_, response) => response.writeHead(500).end('its role lacks s3:PutObject\n'));
    await writeFile(join(one.dir, 'local.json'), JSON.stringify({ url: server.url, key: 'annals_k', tenant: 'acme' }));
    expect(await sql(['SELECT 1 AS a', '--format', 'csv'], one.dir)).toEqual({
      status: 0,
      stdout: 'a\n1\n',
      stderr: `Annals at ${server.url} could not deliver: 500 its role lacks s3:PutObject; events that are not delivered yet are missing here\n`,
    });
    await server.close();
    await writeFile(join(one.dir, 'local.json'), '{"url":');
    const { status, stderr } = await sql(['SELECT 1'], one.dir);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/local\.json can't be read/) });
    await one.remove();
  });
});

describe('as a process', () => {
  const script = join(import.meta.dirname, '../../../infra/cli/sql.ts');
  const run = (args: readonly string[], env: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, [script, ...args, '--dir', archive.dir], { env: { ...process.env, ...env } });

  it('answers the same in every time zone', async () => {
    const statement = `SELECT id, time, strftime("time"::TIMESTAMPTZ, '%H:%M') AS clock, event_date FROM events ORDER BY id`;
    const answers = await Promise.all(
      ['Asia/Kolkata', 'America/Los_Angeles', 'UTC'].map((TZ) => run([statement, '--format', 'csv'], { TZ })),
    );
    for (const { stdout } of answers)
      expect(stdout).toBe(
        'id,time,clock,event_date\n01,2026-11-22T23:30:00.123Z,23:30,2026-11-22\n02,2026-11-22T08:00:00.000Z,08:00,2026-11-22\n',
      );
  });

  it('exits with 1 and one line when the statement is wrong', async () => {
    await expect(run(['SELECT nope'], {})).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Annals is not running.*\nBinder Error: .*\n$/),
    });
  });
});
