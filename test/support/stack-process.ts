/** A stack in a process of its own, which a test may kill. Makes calls fail at random, as often as it is told. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readLocalAccess, writeLocalAccess } from '../../infra/local/stack/files.ts';
import { startStack } from '../../infra/local/stack.ts';
import type { Call, Fault } from '../../infra/local/types.ts';
import { createApiKey } from '../../shared/control/keys.ts';
import { ControlTable } from '../../shared/control/table.ts';

const [templateFile = '', dir = '', seed = '1', share = '0'] = process.argv.slice(2);

/** Mulberry32: small, and the same on every machine. */
function random(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const next = random(Number(seed));
const anyOf = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;

function fault({ action, input }: Call): Fault | undefined {
  // Few calls go to Firehose, as they carry many events: more of them must fail to matter.
  const odds = Number(share) * (action.startsWith('firehose:') ? 5 : 1);
  if (next() >= odds) return undefined;
  if (action === 'dynamodb:PartiQLInsert') {
    const { Statements } = input as { Statements: unknown[] };
    const items = Statements.map((_, index) => index).filter(() => next() < 0.5);
    return anyOf<Fault>([
      { kind: 'error', status: 400, code: 'ThrottlingException' },
      { kind: 'error', status: 500, code: 'InternalServerError' },
      { kind: 'items', items, code: 'ThrottlingError' },
      { kind: 'items', items, code: 'ProvisionedThroughputExceeded' },
      { kind: 'lost answer' },
    ]);
  }
  if (action === 'firehose:PutRecordBatch') {
    return anyOf<Fault>([
      { kind: 'error', status: 500, code: 'ServiceUnavailableException' },
      { kind: 'error', status: 400, code: 'InvalidArgumentException' },
      { kind: 'items', items: [0], code: 'ServiceUnavailableException' },
      { kind: 'timeout', afterMs: 50 },
      // What doubles events on their way: the caller can't know that they were taken.
      { kind: 'lost answer' },
      { kind: 'lost answer' },
      { kind: 'lost answer' },
    ]);
  }
  if (['dynamodb:UpdateItem', 'dynamodb:BatchGetItem', 'dynamodb:GetRecords'].includes(action)) {
    return { kind: 'error', status: 400, code: 'ProvisionedThroughputExceededException' };
  }
  return undefined;
}

const stack = await startStack({ templateFile, dir, port: 0, hooks: { fault }, log: () => {} });
const { endpoint, outputs, url } = stack;
const known = readLocalAccess(dir);
const control = new ControlTable(
  new DynamoDBClient({ endpoint: endpoint.url, region: endpoint.region, credentials: endpoint.credentials }),
  outputs['ControlTable'] ?? '',
);
const key =
  known?.key ??
  (await createApiKey(control, { tenant: 'main', name: 'test', scopes: ['ingest', 'read', 'admin'] })).key;
writeLocalAccess(dir, { url, key, tenant: 'main' });
process.stdout.write(`${JSON.stringify({ url, key })}\n`);
process.on('SIGTERM', () => void stack.close().then(() => process.exit(0)));
