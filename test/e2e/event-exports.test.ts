import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../infra/local/types.ts';
import { fakeFleetActivities } from '../../infra/local/vendors/fleet.activities.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { parseCsv } from '../../shared/csv.ts';
import { EXPORT_PARTITION, Exports } from '../../shared/export/exports.ts';
import { Manifest } from '../../shared/export/manifest.ts';
import { newExport } from '../../shared/export/record.ts';
import { connectVendor } from '../support/polled-vendor.ts';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { problem } from './support.ts';

const COUNT = 3_000;
const HOUR_MS = 3_600_000;
const BEGIN = Date.now() - 72 * HOUR_MS;

interface Link {
  readonly name: string;
  readonly url: string;
  readonly expiresAt: string;
  readonly bytes: number;
  readonly rows: number;
  readonly sha256: string;
}
interface Export {
  readonly id: string;
  readonly status: string;
  readonly rows: number;
  readonly query: Record<string, unknown>;
  readonly files: readonly Link[];
  readonly manifest: Link & { readonly signature: string; readonly signatureUrl: string };
  readonly publicKey: { readonly pem: string; readonly fingerprint: string };
}

let stack: TestStack;
let table: ControlTable;
let dynamo: DynamoDBClient;

/** Three days of two sources; some with what a spreadsheet would run. */
async function send(to: TestStack, count = COUNT): Promise<void> {
  const all = Array.from({ length: count }, (_, n) => ({
    id: `e${n}`,
    time: new Date(BEGIN + n * 60_000).toISOString(),
    source: n % 3 === 0 ? 'custom.billing' : 'custom',
    action: n % 2 === 0 ? 'invoice.read' : '=cmd()',
    type: n % 5 === 0 ? 'read_resource' : null,
    actor: { id: `u${n % 7}`, email: `user${n % 7}@example.com`, name: `Ünï "${n % 7}", ☃` },
    targets: [{ type: 'invoice', id: String(n) }],
    raw: { n },
  }));
  for (let from = 0; from < count; from += 1_000) {
    const reply = await to.call('POST', '/v1/events', { body: all.slice(from, from + 1_000) });
    expect(reply.status, reply.text).toBe(202);
  }
}

function tableOf(of: TestStack): [DynamoDBClient, ControlTable] {
  const { url: endpoint, region, credentials } = of.endpoint;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  return [client, new ControlTable(client, of.outputs['ControlTable'] ?? '')];
}

beforeAll(async () => {
  stack = await startTestStack();
  [dynamo, table] = tableOf(stack);
  await send(stack);
});
afterAll(async () => {
  dynamo?.destroy();
  await stack?.close();
});
afterEach(() => void vi.useRealTimers());

async function ask(body: object, key?: string, of = stack): Promise<Export> {
  const reply = await of.call<Export>('POST', '/v1/exports', { body, ...(key !== undefined && { key }) });
  expect(reply.status, reply.text).toBe(202);
  return reply.body;
}

async function whenDone(id: string, key?: string, of = stack): Promise<Export> {
  const get = () => of.call<Export>('GET', `/v1/exports/${id}`, key === undefined ? {} : { key });
  await expect.poll(async () => (await get()).body.status, { timeout: 30_000, interval: 100 }).toBe('done');
  return (await get()).body;
}

/** The text of all files, each as it was promised. */
async function download({ files }: Export): Promise<string> {
  const texts = files.map(async ({ url, bytes, sha256 }) => {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    const body = Buffer.from(await response.arrayBuffer());
    expect({ bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') }).toEqual({ bytes, sha256 });
    return gunzipSync(body).toString('utf8');
  });
  return (await Promise.all(texts)).join('');
}

const lines = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('an export', () => {
  it('as NDJSON has exactly what GET /v1/events pages through', async () => {
    const done = await whenDone((await ask({ format: 'ndjson', query: { source: ['custom', 'custom.billing'] } })).id);
    const expected = await stack.page('source=custom&source=custom.billing&order=oldest&limit=1000');
    expect(expected).toHaveLength(COUNT);
    expect(done.rows).toBe(COUNT);
    expect(lines(await download(done))).toEqual(expected);
  });

  it.each([
    [{ actor: 'user3@example.com', action: 'invoice.read' }],
    [
      {
        type: 'read_resource',
        from: new Date(BEGIN + 20 * HOUR_MS).toISOString(),
        to: new Date(BEGIN + 40 * HOUR_MS).toISOString(),
      },
    ],
    [{ q: 'CMD()', source: ['custom.billing'] }],
    [{ session: 'none' }],
  ])('with the filter %j has what the same query has', async (query) => {
    const done = await whenDone((await ask({ format: 'ndjson', query })).id);
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const expected = await stack.page(`${parameters}&order=oldest`);
    expect(expected.length > 0).toBe(!('session' in query));
    expect(lines(await download(done))).toEqual(expected);
  });

  it('as CSV has the same rows, with formulas disarmed', async () => {
    const query = { source: 'custom.billing' };
    const rows = parseCsv(await download(await whenDone((await ask({ format: 'csv', query })).id)));
    const pages: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const more: string = next === '' ? '' : `&cursor=${next}`;
      const reply: Reply = await stack.call(
        'GET',
        `/v1/events?source=custom.billing&order=oldest&limit=400&format=csv${more}`,
      );
      pages.push(reply.text);
      next = reply.headers.get('annals-next');
    }
    expect(rows).toEqual(pages.flatMap(parseCsv));
    expect(rows).toHaveLength(COUNT / 3);
    expect(rows[1]).toMatchObject({ action: "'=cmd()" });
  });

  it('as CSV has the columns that are asked for, those of raw too', async () => {
    const body = { format: 'csv', columns: ['raw.n', 'actor.id'], query: { actor: 'u1', source: 'custom' } };
    const text = await download(await whenDone((await ask(body)).id));
    expect(text.split('\r\n').slice(0, 3)).toEqual(['raw.n,actor.id', '1,u1', '8,u1']);
  });

  it('ends at the moment in which it was asked for', async () => {
    const asked = await ask({ format: 'ndjson', query: { from: new Date(Date.now() - HOUR_MS).toISOString() } });
    const later = { action: 'later', actor: { id: 'x' }, time: new Date(Date.now() + 1_000).toISOString() };
    expect((await stack.call('POST', '/v1/events', { body: later })).status).toBe(202);
    expect(await download(await whenDone(asked.id))).not.toContain('later');
    expect(Date.parse(String(asked.query['to']))).toBeLessThanOrEqual(Date.now());
  });
});

describe('the manifest', () => {
  it('is signed, and says what the export is and what it lacks', async () => {
    const { url: endpoint, region, credentials } = stack.endpoint;
    const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    const archived = { Bucket: stack.outputs['ArchiveBucket'], Key: 'digests/2026-01-01.json', Body: '{}' };
    await s3.send(new PutObjectCommand({ ...archived, IfNoneMatch: '*' }));
    s3.destroy();
    const key = await stack.newKey({ name: 'auditors', scopes: ['read'] });
    const vendor = await connectVendor(stack, fakeFleetActivities, {});
    try {
      const { id } = await ask({ format: 'csv', query: { to: new Date(BEGIN + 100 * 60_000).toISOString() } }, key);
      const done = await whenDone(id, key);
      const { manifest, publicKey } = done;
      const bytes = Buffer.from(await (await fetch(manifest.url)).arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(manifest.sha256);
      const pem = createPublicKey(publicKey.pem);
      expect(verify('sha256', bytes, pem, Buffer.from(manifest.signature, 'base64'))).toBe(true);
      expect(await (await fetch(manifest.signatureUrl)).text()).toBe(`${manifest.signature}\n`);
      const der = pem.export({ format: 'der', type: 'spki' });
      expect(createHash('sha256').update(der).digest('hex')).toBe(publicKey.fingerprint);
      const parsed = Manifest.parse(JSON.parse(bytes.toString()));
      expect(parsed).toMatchObject({
        id,
        tenant: 'main',
        by: { key: expect.stringMatching(/^key_/), name: 'auditors' },
        rows: 100,
        files: done.files.map(({ name, bytes: size, rows, sha256 }) => ({ name, bytes: size, rows, sha256 })),
        query: done.query,
        digests: {
          covering: [{ day: '2026-01-01', sha256: createHash('sha256').update('{}').digest('hex') }],
          sealedTo: '2026-01-01',
          firstNotSealed: '2026-01-02',
        },
        gaps: [{ connection: vendor.connection.name, from: null, reason: 'not_collected', open: false }],
        key: publicKey.fingerprint,
      });
      const billing = parsed.incomplete.find(({ source }) => source === 'custom.billing');
      expect(billing?.missing).toContain('SQL over the archive has them');
    } finally {
      await vendor.close();
    }
  });
});

describe('a link', () => {
  it('is good for a quarter of an hour', async () => {
    const { files } = await whenDone((await ask({ format: 'ndjson', query: { actor: 'u1' } })).id);
    const [{ url = '', expiresAt = '' } = {}] = files;
    expect(new URL(url).origin).toBe(stack.endpoint.url);
    const left = Date.parse(expiresAt) - Date.now();
    expect(left).toBeGreaterThan(800_000);
    expect(left).toBeLessThanOrEqual(900_000);
    expect((await fetch(url)).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 901_000 });
    const late = await fetch(url);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  it('is written down, as is who asked for the export', async () => {
    const key = await stack.newKey({ tenant: 'audited', scopes: ['read'] });
    const { id } = await ask({ format: 'csv', query: { actor: 'jane' } }, key);
    await whenDone(id, key);
    const created = await stack.page('action=export.create', key);
    expect(created).toMatchObject([
      {
        source: 'annals.audit',
        type: 'create_resource',
        targets: [{ type: 'export', id }],
        changes: [
          { attribute: 'format', new: 'csv' },
          { attribute: 'query', new: expect.stringContaining('"actor":"jane"') },
        ],
      },
    ]);
    expect((await stack.page('action=export.download', key)).length).toBeGreaterThan(0);
  });
});

describe('who may not', () => {
  it('of another tenant sees no export', async () => {
    const { id } = await ask({ format: 'ndjson', query: { actor: 'u1' } });
    const other = await stack.newKey({ tenant: 'other', scopes: ['read', 'admin'] });
    problem(await stack.call('GET', `/v1/exports/${id}`, { key: other }), 404);
    expect((await stack.call('GET', '/v1/exports', { key: other })).body).toEqual({ exports: [] });
    problem(await stack.call('GET', '/v1/exports/..%2fmain', { key: other }), 404);
    const ingest = await stack.newKey({ scopes: ['ingest'] });
    problem(await stack.call('GET', `/v1/exports/${id}`, { key: ingest }), 403);
    problem(await stack.call('POST', '/v1/exports', { key: ingest, body: {} }), 403);
  });

  it('of some sources only exports those, and sees their exports only', async () => {
    const limited = await stack.newKey({ scopes: ['read'], sources: ['custom.billing'] });
    const whole = await ask({ format: 'ndjson', query: { actor: 'u2' } });
    const billing = await ask({ format: 'ndjson', query: { source: 'custom.billing', actor: 'u2' } });
    problem(await stack.call('GET', `/v1/exports/${whole.id}`, { key: limited }), 404);
    await whenDone(billing.id, limited);
    problem(
      await stack.call('POST', '/v1/exports', { key: limited, body: { format: 'csv', query: { source: 'custom' } } }),
      403,
    );
    const own = await ask({ format: 'ndjson', query: { actor: 'u2' } }, limited);
    expect(own.query['source']).toEqual(['custom.billing']);
    const rows = lines(await download(await whenDone(own.id, limited)));
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map(({ source }) => source))).toEqual(new Set(['custom.billing']));
    const listed = await stack.call<{ exports: Export[] }>('GET', '/v1/exports', { key: limited });
    expect(listed.body.exports.map(({ id }) => id)).toEqual(expect.arrayContaining([own.id, billing.id]));
    expect(listed.body.exports.map(({ id }) => id)).not.toContain(whole.id);
    await whenDone(whole.id);
  });

  it('asks for what is not understood is told everything', async () => {
    const body = { format: 'csv', query: { from: 'then', type: 'x' }, columns: ['nothing'] };
    const { problems } = problem(await stack.call('POST', '/v1/exports', { body }), 400);
    expect(problems).toHaveLength(3);
  });

  it('has five that are not done makes no sixth', async () => {
    const key = await stack.newKey({ tenant: 'busy', scopes: ['read'] });
    const of = { tenant: 'busy', format: 'csv' as const, query: {}, by: { key: 'k', name: 'n' } };
    for (let n = 0; n < 5; n++) await new Exports(table).create(newExport(of, new Date()));
    const reply = await stack.call('POST', '/v1/exports', { key, body: { format: 'csv', query: {} } });
    expect(problem(reply, 409).detail).toContain('5 exports are not done');
    for (const item of await table.list(EXPORT_PARTITION, 'busy.'))
      await table.delete(EXPORT_PARTITION, String(item['sk']));
  });
});

describe('the schedule', () => {
  it('goes on with what a killed function left, and no row is there twice', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'annals-export-'));
    const reached = Promise.withResolvers<void>();
    const hang = ({ action, resource }: { action: string; resource: string }): Fault | undefined => {
      if (action !== 's3:PutObject' || !resource.includes('/exports/')) return undefined;
      reached.resolve();
      return { kind: 'timeout', afterMs: 60_000 };
    };
    try {
      const killed = await startTestStack({ dir, hooks: { fault: hang } });
      await send(killed, 500);
      const { id } = await ask({ format: 'ndjson', query: { source: 'custom' } }, undefined, killed);
      await reached.promise;
      const { body } = await killed.call<Export>('GET', `/v1/exports/${id}`);
      expect(body).toMatchObject({ status: 'running', rows: 0 });
      await killed.close();

      const again = await startTestStack({ dir });
      const [client, rows] = tableOf(again);
      try {
        // The run that was killed holds its lease for a few minutes.
        await again.runSchedule('ExportingExport');
        expect((await again.call<Export>('GET', `/v1/exports/${id}`)).body.status).toBe('running');
        const held = (await rows.get(EXPORT_PARTITION, `main.${id}`)) ?? {};
        await rows.replace(EXPORT_PARTITION, `main.${id}`, { ...held, leaseUntil: new Date(0).toISOString() });
        await again.runSchedule('ExportingExport');
        const done = await whenDone(id, undefined, again);
        expect(lines(await download(done))).toEqual(await again.page('source=custom&order=oldest'));
        // In the bucket for 7 days.
        expect(await again.expire(new Date(Date.now() + 6 * 24 * HOUR_MS))).toEqual([]);
        expect((await again.expire(new Date(Date.now() + 9 * 24 * HOUR_MS))).length).toBeGreaterThanOrEqual(3);
        const [{ url = '' } = {}] = done.files;
        expect((await fetch(url)).status).toBe(403);
      } finally {
        client.destroy();
        await again.close();
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('forgets exports a month later', async () => {
    const old = newExport(
      { tenant: 'old', format: 'csv', query: {}, by: { key: 'k', name: 'n' } },
      new Date(Date.now() - 31 * 24 * HOUR_MS),
    );
    await new Exports(table).create({ ...old, status: 'failed', reason: 'because' });
    const key = await stack.newKey({ tenant: 'old', scopes: ['read'] });
    const { body } = await stack.call('GET', `/v1/exports/${old.id}`, { key });
    expect(body).toMatchObject({ status: 'failed', reason: 'because' });
    await stack.runSchedule('ExportingExport');
    problem(await stack.call('GET', `/v1/exports/${old.id}`, { key }), 404);
  });
});
