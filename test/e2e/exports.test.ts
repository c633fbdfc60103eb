import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLocalAccess } from '../../infra/local/stack/files.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { acceptVendorEvents } from '../../shared/sources/accept.ts';
import { sourceNamed } from '../../shared/sources/registry.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { failures, logs } from './support.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  writeLocalAccess(stack.dir, { url: stack.url, key: stack.key, tenant: 'main' });
});
afterAll(() => stack?.close());

/** Every example of a source. */
function examples(source: string): JsonObject[] {
  const folder = join(ROOT, 'shared/sources', source, 'examples');
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

async function connect(name: string, source: string): Promise<void> {
  expect((await stack.call('POST', '/v1/connections', { body: { name, source } })).status).toBe(201);
}

/** The ids that events get which are read from the vendor's API. */
function idsByPolling(name: string, raws: readonly JsonObject[]): string[] {
  const source = sourceNamed(name);
  if (!source) throw new TypeError(`no source ${name}`);
  const where = { tenant: 'main', connection: 'c', origin: source.defaultOrigin, tier: source.defaultTier };
  const { prepared } = acceptVendorEvents(source, raws, { ...where, receivedAt: new Date().toISOString() });
  return prepared.map(({ event }) => event.id);
}

interface Summary {
  ids: string[];
  stored: number;
  existing: string[];
}
async function send(connection: string, body: string | Uint8Array, type: string): Promise<Summary> {
  const reply = await stack.call<Summary>('POST', `/v1/events?connection=${connection}`, {
    body,
    headers: { 'content-type': type },
  });
  expect(reply.status, reply.text).toBe(202);
  return reply.body;
}

async function importFrom(connection: string, from: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const args = [join(ROOT, 'infra/cli/import.ts'), '--dir', stack.dir, '--connection', connection, from];
  return (await run(process.execPath, args, { env: { ...process.env, ...env } })).stdout;
}

/** CSV (RFC 4180), as exports are written: what is null is an empty cell, what is no text is JSON. */
function csv(columns: readonly string[], rows: readonly (readonly (Json | undefined)[])[]): string {
  const cell = (value: Json | undefined) => {
    const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join()}\r\n`).join('');
}

const REPORT_TEXTS: Readonly<Record<string, string>> = {
  user_login_google: 'User Login via Google Auth',
  user_logout: 'User Logout',
  user_created: 'User Created',
  policy_created: 'Policy Created',
};

/** AppOmni's scheduled report "AppOmni Audit Logs": whole seconds, a text for the action, `None` for null. */
function appomniReport(events: readonly JsonObject[]): string {
  const columns = 'identifier,action_at,action,username,service_type,service_id,extra,user_ip,user_agent'.split(',');
  const rows = events.map((event) => {
    const { user_username, user_ip, user_agent, ...data } = event['action_data'] as JsonObject;
    const said = Object.entries(data).filter(([, value]) => value !== null);
    return [
      event['identifier'],
      `${event['action_at']}`.replace(/(\.\d+)?Z$/, '+0000'),
      REPORT_TEXTS[`${event['action_type']}`],
      user_username ?? 'None',
      event['service_type'] ?? 'None',
      `${event['service_id'] ?? 'None'}`,
      said.map(([key, value]) => `${key}: ${value}`).join(', '),
      user_ip,
      user_agent,
    ];
  });
  return csv(columns, rows);
}

/** What a search of Ardexa's table `audit_logs` is exported as: its columns in capitals. */
function ardexaExport(rows: readonly JsonObject[]): string {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const names = columns.map((column) => column.toUpperCase());
  return csv(
    names,
    rows.map((row) => columns.map((column) => row[column])),
  );
}

const appomni = ['user_login_google', 'user_logout', 'user_created', 'policy_created'].map(
  (action_type, n): JsonObject => ({
    identifier: `0f6c9a1e-7701-4b52-9d10-5a0e6c2b10${n}0`,
    user_id: 412,
    action_at: `2026-03-02T08:15:0${n}.948560Z`,
    action_type,
    service_id: null,
    service_type: null,
    action_data: {
      user_username: 'ines.roth@example.com',
      user_ip: '203.0.113.24',
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64, "like" Gecko)',
      target_user_id: n === 2 ? 431 : null,
      target_user_username: n === 2 ? 'lena_okoro' : null,
      old_value: null,
    },
  }),
);
const ardexa = examples('ardexa.audit_logs').map((row): JsonObject => ({ device: null, comments: null, ...row }));
const fleet = examples('fleet.activities').map((activity, n): JsonObject => ({ ...activity, id: 7_000 + n }));
const fleetFile = gzipSync(fleet.map((activity) => `${JSON.stringify(activity)}\n`).join(''));

describe('an export of events', () => {
  it.each([
    ['appomni.audit', appomni, appomniReport(appomni)],
    ['ardexa.audit_logs', ardexa, ardexaExport(ardexa)],
  ] as const)('of %s as CSV gives the ids that polling would', async (source, byApi, report) => {
    const connection = source.split('.')[0] ?? '';
    await connect(connection, source);
    const ids = idsByPolling(source, byApi);
    expect(new Set(ids).size).toBe(byApi.length);
    const file = join(stack.dir, `${source}.csv`);
    writeFileSync(file, report);
    expect(await importFrom(connection, file)).toBe(
      `${ids.length} vendor events sent: ${ids.length} events stored, 0 were there already, 0 lines unreadable\n`,
    );
    const found = await stack.page(`connection=${connection}&fields=id`);
    expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const again = { ids, stored: 0, existing: ids };
    expect(await send(connection, report, 'text/csv')).toEqual(again);
    expect(await send(connection, JSON.stringify(byApi), 'application/json')).toEqual(again);
  });

  it("of Fleet's Firehose destination, in a bucket, gives the ids that polling would", async () => {
    await connect('fleet', 'fleet.activities');
    const ids = idsByPolling('fleet.activities', fleet);
    const { url, region, credentials } = stack.endpoint;
    const s3 = new S3Client({ endpoint: url, region, credentials, forcePathStyle: true });
    const Bucket = stack.outputs['LandingBucket'] ?? '';
    const Key = 'fleet/2026/03/02/08/activities-1-2026-03-02-08-15-06.gz';
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: fleetFile }));
    s3.destroy();
    const env = {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    expect(await importFrom('fleet', `s3://${Bucket}/${Key}`, env)).toMatch(
      new RegExp(`^${ids.length} vendor events sent: ${ids.length} events stored, 0 were there already, 0 lines`),
    );
    const again = { ids, stored: 0, existing: ids };
    expect(await send('fleet', new Uint8Array(fleetFile), 'application/gzip')).toEqual(again);
    expect(await send('fleet', JSON.stringify(fleet), 'application/json')).toEqual(again);
    await expect(importFrom('fleet', `s3://${Bucket}/nothing`, env)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^can't read s3:\/\/.*\n$/),
    });
  });

  it('is no conflict with what the API says', () => {
    expect(logs(stack)).not.toContain('came again with other content');
  });
});

describe("a change of a role's members at Puppet", () => {
  const LENA = '0d9c44ae-71b5-4f39-8a3b-5e2f00c0de02';
  const commit = (object: JsonObject, what: string, description: string): JsonObject => ({
    objects: [object],
    subject: { id: '5b0f7c1e-2d7a-4d55-9b4e-6a1f00c0de01', name: 'ines.roth' },
    timestamp: '2026-03-02T08:15:06Z',
    ip_address: '127.0.0.1',
    events: [{ message: `User Lena (${LENA}) added to role Operators`, type: 'update', what, description }],
  });
  const byRole = commit({ id: '7', name: 'Operators', type: 'roles' }, 'roles', `update_roles_user_ids_${LENA}`);
  const byUser = commit({ id: LENA, name: 'lena.okoro', type: 'users' }, 'users', 'update_users_user_ids_7');

  it('is told by two commits, counts once, and is found under the user and the role', async () => {
    await connect('puppet', 'puppet.activity');
    const first = await send('puppet', JSON.stringify([byRole, byUser]), 'application/json');
    const [id] = first.ids;
    expect(first).toEqual({ ids: [id, id], stored: 1, existing: [id] });
    const second = await send('puppet', JSON.stringify([byUser, byRole]), 'application/json');
    expect(second).toEqual({ ids: [id, id], stored: 0, existing: [id, id] });
    for (const entity of [`user:${LENA}`, 'role:7', 'role:operators']) {
      expect((await stack.page(`entity=${entity}&fields=id,type`)).map(({ id: found }) => found)).toEqual([id]);
    }
    // Nothing of the other telling is lost, and nobody is alarmed.
    const aside = await failures(stack, `conflicts/main/puppet.activity/${id}/`);
    expect([...aside.values()].map((bytes) => JSON.parse(bytes.toString()))).toEqual([byUser]);
    expect(logs(stack)).not.toContain('came again with other content');
    expect(logs(stack)).not.toContain('EventsConflicting');
  });

  it('is a conflict where the same event says something else', async () => {
    await connect('fleet2', 'fleet.activities');
    const activity = { id: 1, created_at: '2026-03-02T08:15:06Z', type: 'created_user', details: {} };
    await send('fleet2', JSON.stringify(activity), 'application/json');
    await send('fleet2', JSON.stringify({ ...activity, type: 'deleted_user' }), 'application/json');
    expect(logs(stack)).toContain('came again with other content');
    expect(logs(stack)).toContain('EventsConflicting');
  });
});
