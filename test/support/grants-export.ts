import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, vi } from 'vitest';
import { digestBytes } from '../../shared/archive/digest.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { Exports } from '../../shared/export/exports.ts';
import { type ExportRecord, newExport } from '../../shared/export/record.ts';
import { logGrants, type Scenario, scenariosOf, type Tenant, type World } from './grants-world.ts';

/** An export takes less, and without a grant never comes to its end. */
const PATIENCE = { timeout: 4_000, interval: 50 };
const MONTH_MS = 31 * 86_400_000;

interface Links {
  readonly status: string;
  readonly rows: number;
  readonly files: readonly { readonly url: string }[];
  readonly manifest: { readonly url: string };
}

const made = scenariosOf('ExportingExportRole', [
  {
    name: 'an export is made, and its manifest is signed and names digests',
    grants: [
      'dynamodb:Query on EventsTable',
      ...['GetItem', 'PutItem', 'Query'].map((one) => `dynamodb:${one} on ControlTable`),
      's3:PutObject on ExportsBucket/exports/*',
      's3:ListBucketVersions on ArchiveBucket',
      's3:GetObjectVersion on ArchiveBucket/digests/*',
      'kms:Sign on ExportKey',
      'kms:GetPublicKey on ExportKey',
    ],
    run: exportIsMade,
  },
  {
    name: 'an export of what a person did is made',
    grants: ['dynamodb:BatchGetItem on EventsTable'],
    async run(world) {
      const tenant = await world.newTenant();
      await tenant.send();
      expect((await whenDone(tenant, await ask(tenant, { query: { actor: 'jane' } }))).rows).toBe(1);
    },
  },
  {
    name: 'an export with a large raw is made',
    grants: ['s3:GetObject on ArchiveBucket/raw/*'],
    async run(world) {
      const tenant = await world.newTenant();
      await tenant.send({ raw: { text: `${randomUUID()}${'x'.repeat(750_000)}` } });
      await whenDone(tenant, await ask(tenant, { format: 'csv', columns: ['raw.text'], query: { source: 'custom' } }));
    },
  },
  {
    name: 'an export of last month is forgotten',
    grants: ['dynamodb:DeleteItem on ControlTable'],
    async run(world) {
      const tenant = await world.newTenant();
      const id = await store(world, tenant, MONTH_MS, { status: 'failed' });
      await world.stack.runSchedule('ExportingExport');
      expect((await tenant.call('GET', `/v1/exports/${id}`)).status).toBe(404);
    },
  },
  {
    name: 'a run is in the log',
    grants: logGrants('ExportingExport'),
    async run(world) {
      const tenant = await world.newTenant();
      const id = await ask(tenant);
      await whenDone(tenant, id);
      await world.logged('ExportingExport', id);
    },
  },
]);

const tick = scenariosOf('ExportingScheduleRole', [
  {
    name: 'an export that nobody started is made',
    grants: ['lambda:InvokeFunction on function:ExportingExportHandler'],
    async run(world) {
      const tenant = await world.newTenant();
      const id = await store(world, tenant, 120_000, {});
      await world.stack.runSchedule('ExportingExport').catch(() => {});
      await whenDone(tenant, id);
    },
  },
]);

const offered = scenariosOf('FunctionsQueryRole', [
  {
    name: 'an export is queued, begins at once, and can be fetched by its link',
    grants: [
      'dynamodb:PutItem on ControlTable',
      'lambda:InvokeFunction on function:ExportingExportHandler',
      's3:GetObject on ExportsBucket/exports/*',
    ],
    async run(world) {
      const tenant = await world.newTenant();
      await tenant.send();
      const { files } = await whenDone(tenant, await ask(tenant, { query: { source: 'custom' } }));
      expect((await fetch(files[0]?.url ?? '')).status).toBe(200);
    },
  },
]);

/** What exports have their grants for. */
export const EXPORT_SCENARIOS: readonly Scenario[] = [...made, ...tick, ...offered];

let sealedDays = 0;

/** The digest of another day, which names a file of a tenant with events of any time. */
function digestFor(tenant: string): { day: string; bytes: Buffer } {
  const day = new Date(Date.UTC(2026, 0, 1) + sealedDays++ * 86_400_000).toISOString().slice(0, 10);
  const sha256 = '0'.repeat(64);
  const [earliest, latest] = ['2026-01-01T00:00:00.000Z', '2099-12-31T23:59:59.999Z'];
  const object = { key: `archive/event_date=${day}/${tenant}/${day}-1.parquet`, version: '1', size: 1, sha256 };
  const bytes = digestBytes({
    format: 1,
    day,
    previous: null,
    plannedAt: `${day}T01:00:00.000Z`,
    key: sha256,
    landing: [],
    files: [{ ...object, tenant, date: day, rows: 1, earliest, latest, ids: sha256 }],
    expired: [],
    unreadable: [],
    repeats: 0,
    archivedBefore: 0,
  });
  return { day, bytes };
}

async function exportIsMade(world: World): Promise<void> {
  const tenant = await world.newTenant();
  const { day, bytes } = digestFor(tenant.name);
  const { url: endpoint, region, credentials } = world.stack.endpoint;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const Bucket = world.stack.outputs['ArchiveBucket'];
  await s3.send(new PutObjectCommand({ Bucket, Key: `digests/${day}.json`, Body: bytes, IfNoneMatch: '*' }));
  s3.destroy();
  await tenant.send();
  const { rows, manifest } = await whenDone(tenant, await ask(tenant, { query: { source: 'custom' } }));
  expect(rows).toBe(1);
  expect(await (await fetch(manifest.url)).text()).toContain(`"day":"${day}"`);
}

async function ask(tenant: Tenant, more: object = {}): Promise<string> {
  const body = { format: 'ndjson', query: {}, ...more };
  const { status, text, body: asked } = await tenant.call<{ id: string }>('POST', '/v1/exports', { body });
  expect(status, text).toBe(202);
  return asked.id;
}

async function whenDone(tenant: Tenant, id: string): Promise<Links> {
  const get = async () => (await tenant.call<Links>('GET', `/v1/exports/${id}`)).body;
  await vi.waitFor(async () => expect((await get()).status).toBe('done'), PATIENCE);
  return get();
}

/** Stores an export that was asked for so long ago. */
async function store(world: World, tenant: Tenant, agoMs: number, more: Partial<ExportRecord>): Promise<string> {
  const { url: endpoint, region, credentials } = world.stack.endpoint;
  const dynamo = new DynamoDBClient({ endpoint, region, credentials });
  const of = { tenant: tenant.name, format: 'ndjson' as const, query: {}, by: { key: 'k', name: 'n' } };
  const record = { ...newExport(of, new Date(Date.now() - agoMs)), ...more };
  await new Exports(new ControlTable(dynamo, world.stack.outputs['ControlTable'] ?? '')).create(record);
  dynamo.destroy();
  return record.id;
}
