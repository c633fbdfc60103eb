import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLocalAccess } from '../../infra/local/stack/files.ts';
import type { JsonObject } from '../../shared/json.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Examples of a source, as its vendor gives them. */
function examples(source: string, ...types: string[]): JsonObject[] {
  return types.map((type) =>
    JSON.parse(readFileSync(join(ROOT, 'shared/sources', source, 'examples', `${type}.json`), 'utf8')),
  );
}

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  writeLocalAccess(stack.dir, { url: stack.url, key: stack.key, tenant: 'main' });
  for (const [name, source] of [
    ['duo', 'duo.admin'],
    ['google', 'google_workspace.activity'],
  ]) {
    expect((await stack.call('POST', '/v1/connections', { body: { name, source } })).status).toBe(201);
  }
});
afterAll(() => stack?.close());

interface Summary {
  ids: (string | null)[];
  stored: number;
  existing: string[];
}
const send = (connection: string, body: string | Uint8Array, type = 'application/x-ndjson', more = '') =>
  stack.call<Summary>('POST', `/v1/events?connection=${connection}${more}`, {
    body,
    headers: { 'content-type': type },
  });
const ndjson = (events: readonly unknown[]) => events.map((event) => JSON.stringify(event)).join('\n');

describe("a vendor's own events for a connection", () => {
  const events = examples('duo.admin', 'create_user', 'account_login', 'add_to_group');

  it('are mapped, stored once, and the same events in whatever form they come', async () => {
    const first = await send('duo', ndjson(events));
    expect(first).toMatchObject({ status: 202, body: { stored: 3, existing: [] } });
    for (const [body, type] of [
      [JSON.stringify(events), 'application/json'],
      [new Uint8Array(gzipSync(ndjson(events))), 'application/gzip'],
    ] as const) {
      const again = await send('main.duo', body, type);
      expect(again.body).toEqual({ ids: first.body.ids, stored: 0, existing: first.body.ids });
    }
    const found = await stack.page('connection=duo&fields=id,type,raw');
    expect(found.map(({ type }) => type).sort()).toEqual(['account_login', 'add_to_group', 'create_user']);
    expect(found.map(({ raw }) => JSON.stringify(raw)).sort()).toEqual(
      events.map((event) => JSON.stringify(event)).sort(),
    );
  });

  it('may be several events of one', async () => {
    const [login] = examples('google_workspace.activity', 'account_login');
    const [event] = (login?.['events'] ?? []) as JsonObject[];
    const both = { ...login, events: [event, { ...event, name: 'logout', type: 'login' }] };
    const { body } = await send('google', ndjson([both]));
    expect(body.ids).toHaveLength(2);
    expect((await stack.page('connection=google&fields=type')).map(({ type }) => type)).toContain('account_logout');
  });

  it('are refused as a whole where one is no JSON object, or stored without it', async () => {
    const body = `${ndjson([{ timestamp: 1, action: 'admin_login', n: 1 }])}\n[1]`;
    expect((await send('duo', body)).body).toMatchObject({
      problems: [{ index: 1, path: '', message: 'is not a JSON object' }],
    });
    expect((await send('duo', body, undefined, '&partial=true')).body).toMatchObject({
      stored: 1,
      ids: [expect.any(String), null],
    });
  });

  it('need a connection that is there, and a key that may send its source', async () => {
    expect((await send('none', '{}')).status).toBe(404);
    const key = await stack.newKey({ scopes: ['ingest'], sources: ['custom'] });
    const headers = { 'content-type': 'application/x-ndjson' };
    expect((await stack.call('POST', '/v1/events?connection=duo', { key, body: '{}', headers })).status).toBe(403);
  });
});

describe('npm run import', () => {
  const importFile = (...args: string[]) =>
    run(process.execPath, [join(ROOT, 'infra/cli/import.ts'), '--dir', stack.dir, ...args]).then(
      ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({ ...error, status: error.code }),
    );

  it('sends a file, says what became of it, and stores nothing twice', async () => {
    const file = join(stack.dir, 'export.ndjson.gz');
    const events = Array.from({ length: 1_500 }, (_, n) => ({
      timestamp: 1_700_000_000 + n,
      action: 'user_update',
      username: 'jo',
      n,
    }));
    writeFileSync(file, gzipSync(`${ndjson(events)}\nnope\n`));
    const first = await importFile('--connection', 'duo', file);
    expect(first).toMatchObject({ status: 1, stderr: expect.stringMatching(/^line 1501 is not JSON/) });
    expect(first.stdout).toMatch(
      /^1500 vendor events sent: 1500 events stored, 0 were there already, 1 lines unreadable/,
    );
    expect((await importFile('--connection', 'duo', file)).stdout).toMatch(/0 events stored, 1500 were there already/);
    expect(
      await stack.sql(`select count(*) as n from events where action = 'user_update' and actor_name = 'jo'`),
    ).toEqual([{ n: 1500 }]);
  });

  it('reads CSV by its header', async () => {
    const file = join(stack.dir, 'report.csv');
    writeFileSync(file, 'timestamp,action,username\n1700000000,user_delete,"Doe, J"\n');
    expect((await importFile('--connection', 'duo', file)).stdout).toMatch(/^1 vendor events sent: 1 events stored/);
    expect(await stack.page('action=user_delete')).toHaveLength(1);
  });

  it.each<[string, string[], RegExp]>([
    ['no file', ['--connection', 'duo'], /^usage: npm run import/],
    ['a file that is not there', ['--connection', 'duo', '/nowhere.ndjson'], /can't read/],
    ['a connection that is not there', ['--connection', 'none', join(ROOT, 'package.json')], /404/],
  ])('says plainly what is wrong with %s', async (_what, args, message) => {
    const { status, stderr } = await importFile(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
