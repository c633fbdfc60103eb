import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCommand } from '../../infra/cli/verify.ts';
import { toParquet } from '../../infra/local/aws/firehose/parquet.ts';
import { writeLocalAccess } from '../../infra/local/stack/files.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { dueAt } from '../../shared/archive/seal/days.ts';
import { eventId } from '../../shared/event/id.ts';
import { prepareEvents } from '../../shared/event/prepare.ts';
import { EventStore } from '../../shared/store/event-store.ts';
import { row } from '../shared/archive/seal/world.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { event, problem } from './support.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const DAY_MS = 86_400_000;
const sealedTime = new Date(Date.now() - 4 * DAY_MS).toISOString();
const sealedId = eventId(sealedTime, 'A'.repeat(16));
let stack: TestStack;

/** An event that has left the hot store lies in landing since four days ago, and is sealed. */
beforeAll(async () => {
  stack = await startTestStack();
  const { endpoint, outputs } = stack;
  const client = new S3Client({
    endpoint: endpoint.url,
    region: endpoint.region,
    credentials: endpoint.credentials,
    forcePathStyle: true,
  });
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  const time = sealedTime.replace('T', ' ').replace('Z', '');
  const rows = [row({ id: sealedId, time, received_at: time, tenant: 'main', source: 'custom.app' })];
  const Body = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows, stack.dir);
  duckDb.closeSync();
  const Key = `landing/ingest_date=${sealedTime.slice(0, 10)}/old.parquet`;
  await client.send(new PutObjectCommand({ Bucket: outputs['LandingBucket'], Key, Body }));
  client.destroy();
  await stack.runSchedule('SealingSeal');
  await stack.runSchedule('VerificationVerify');
});
afterAll(() => stack?.close());

describe('GET /v1/events/{id}/proof', () => {
  it('gives the file, the digest, and what the last verify said', async () => {
    const { status, body } = await stack.call('GET', `/v1/events/${sealedId}/proof`);
    const day = sealedTime.slice(0, 10);
    expect([status, body]).toEqual([
      200,
      {
        id: sealedId,
        sealed: true,
        dueAt: null,
        file: {
          key: `archive/event_date=${day}/main/${day}-1.parquet`,
          version: expect.any(String),
          size: expect.any(Number),
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          rows: 1,
        },
        digest: { key: `digests/${day}.json`, day, sha256: expect.any(String), signedBy: expect.any(String) },
        verdict: { status: 'verified', at: expect.any(String), from: day, to: expect.any(String) },
        expired: null,
      },
    ]);
  });

  it('says when an event will be sealed that is not yet', async () => {
    const sent = await stack.call<{ ids: string[] }>('POST', '/v1/events', { body: event() });
    const [id] = sent.body.ids;
    const { status, body } = await stack.call('GET', `/v1/events/${id}/proof`);
    const today = new Date().toISOString().slice(0, 10);
    expect([status, body]).toEqual([
      200,
      { id, sealed: false, dueAt: dueAt(today).toISOString(), file: null, digest: null, verdict: null, expired: null },
    ]);
  });

  it('knows no event of other tenants, of sources that the key may not read, or of nobody', async () => {
    const absent = eventId(sealedTime, 'B'.repeat(16));
    for (const [id, key] of [
      [absent, undefined],
      ['x', undefined],
      [sealedId, await stack.newKey({ tenant: 'other' })],
      [sealedId, await stack.newKey({ sources: ['custom.else'] })],
    ] as const)
      problem(await stack.call('GET', `/v1/events/${id}/proof`, key === undefined ? {} : { key }), 404);
  });

  it('agrees with npm run verify, which reads the running folder', async () => {
    const out: string[] = [];
    const stdout = { write: (text: string) => out.push(text) };
    const status = await verifyCommand(['--dir', stack.dir, '--event', sealedId], { stdout, stderr: stdout });
    expect([status, out.at(-1)]).toEqual([0, expect.stringMatching(/^self-consistent only: /)]);
  });
});

describe('npm run reconcile', () => {
  it('mends what was lost between table and landing, and says so', async () => {
    const { endpoint, outputs } = stack;
    writeLocalAccess(stack.dir, { url: stack.url, key: stack.key, tenant: 'main' });
    const reconcile = () =>
      run(process.execPath, [join(ROOT, 'infra/cli/reconcile.ts'), '--dir', stack.dir]).then(
        ({ stdout }) => ({ status: 0, stdout }),
        (error: { code: number; stdout: string }) => ({ status: error.code, stdout: error.stdout }),
      );
    const dynamo = new DynamoDBClient({
      endpoint: endpoint.url,
      region: endpoint.region,
      credentials: endpoint.credentials,
    });
    const store = new EventStore({ dynamo, table: outputs['EventsTable'] ?? '', shards: {} });
    const receivedAt = new Date(Date.now() - DAY_MS).toISOString();
    const [lost] = prepareEvents(
      [
        {
          facts: { type: null, action: 'lost', outcome: 'success', actor: { type: 'user' }, targets: [], changes: [] },
          time: receivedAt,
          vendorId: 'lost',
          raw: {},
        },
      ],
      {
        tenant: 'main',
        connection: 'c',
        source: 'custom.lost',
        product: 'custom',
        origin: 'o',
        tier: '365d',
        receivedAt,
      },
    );
    await store.put([lost!], () => 20_000);
    dynamo.destroy();
    await stack.flush();
    await rm(
      join(
        stack.dir,
        's3',
        outputs['LandingBucket'] ?? '',
        'landing',
        `ingest_date=${new Date().toISOString().slice(0, 10)}`,
      ),
      { recursive: true },
    );
    expect(await stack.sql("SELECT id FROM events WHERE source = 'custom.lost'")).toEqual([]);

    const first = await reconcile();
    expect([first.status, first.stdout]).toEqual([1, expect.stringContaining('1 were missing and sent again')]);
    expect(first.stdout).toContain(lost!.event.id);
    expect(await stack.sql("SELECT id FROM events WHERE source = 'custom.lost'")).toEqual([{ id: lost!.event.id }]);
    expect(await reconcile()).toEqual({ status: 0, stdout: expect.stringMatching(/^complete: /) });
  });
});
