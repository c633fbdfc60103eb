import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { pack } from '../../shared/archive/delivery/pack.ts';
import { send } from '../../shared/archive/delivery/send.ts';
import { s3SealStore } from '../../shared/archive/seal/s3-store.ts';
import { reconcileDaily } from '../../shared/reconcile/daily.ts';
import type { Reconciled } from '../../shared/reconcile/reconcile.ts';
import { Settled } from '../../shared/reconcile/settled.ts';
import { EventIds } from '../../shared/reconcile/table.ts';
import type { TimeLeft } from '../../shared/retry.ts';
import { Days } from '../../shared/store/days.ts';
import { environment } from '../environment.ts';
import { connections, control, once } from '../services.ts';
import { gauge, logger, publishMetrics } from '../telemetry.ts';

/** No file is begun any more when this is left. */
const SETTLING_MS = 120_000;
const DUCKDB_MB = 512;
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 30_000 };

/** The days to compare; without them those that may have changed. */
const RangeEvent = z.strictObject({ from: z.iso.date(), to: z.iso.date() });

const dynamo = once(() => new DynamoDBClient({ requestHandler }));
const s3 = once(() => new S3Client({ requestHandler }));
const firehose = once(() => new FirehoseClient({ requestHandler }));

/** What a run came to: sums over the source-days that were compared. */
export interface ReconcileReport {
  readonly sourceDays: number;
  readonly events: number;
  readonly underWay: number;
  readonly expired: number;
  readonly repaired: number;
  readonly notRepaired: number;
  readonly unknown: number;
  /** The source-days that differed. */
  readonly differing: readonly (Omit<Reconciled, 'day'> & { tenant: string; source: string; date: string })[];
}

export const handler = middy(run)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/** Daily, and when asked: compares the table with landing and archive, and sends to landing what is missing there. */
async function run(event: unknown, context: Context): Promise<ReconcileReport> {
  const asked = RangeEvent.safeParse(event);
  const timeLeft = () => context.getRemainingTimeInMillis() - SETTLING_MS;
  const temporary = await mkdtemp(join(tmpdir(), 'annals-reconcile-'));
  const results: Reconciled[] = [];
  try {
    const table = environment('EVENTS_TABLE');
    const compared = reconcileDaily({
      landing: s3SealStore(s3(), environment('LANDING_BUCKET')),
      archive: s3SealStore(s3(), environment('ARCHIVE_BUCKET')),
      events: new EventIds(dynamo(), table),
      days: new Days(dynamo(), table, environment('SHARDS')),
      settled: await Settled.read(control()),
      tenants: [environment('TENANT'), ...(await connections().list()).map(({ tenant }) => tenant)],
      send: (documents) => deliver(documents, timeLeft),
      now: new Date(),
      retention: environment('ARCHIVE_RETENTION'),
      timeLeft,
      temporary,
      memoryMb: DUCKDB_MB,
      range: asked.success ? asked.data : undefined,
    });
    for await (const result of compared) {
      if (differs(result)) logger.error('the archive and the table differ', { ...flat(result) });
      results.push(result);
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  const report = reportOf(results);
  gauge('ReconcileMissing', report.repaired + report.notRepaired);
  gauge('ReconcileUnknown', report.unknown);
  return report;
}

/** On the way that deliver takes; the positions of documents that did not get through. */
async function deliver(documents: readonly string[], timeLeft: TimeLeft): Promise<number[]> {
  const packed = pack(documents.map((json, index) => ({ sequence: String(index), json })));
  const warn = (message: string, about: object) => logger.warn(message, { ...about });
  return (await send(firehose(), environment('DELIVERY_STREAM'), packed, timeLeft, warn)).map(Number);
}

function reportOf(results: readonly Reconciled[]): ReconcileReport {
  const sum = (of: (one: Reconciled) => number) => results.reduce((total, one) => total + of(one), 0);
  return {
    sourceDays: results.length,
    events: sum(({ hot }) => hot),
    expired: sum(({ expired }) => expired),
    underWay: sum(({ underWay }) => underWay),
    repaired: sum(({ repaired }) => repaired),
    notRepaired: sum(({ notRepaired }) => notRepaired),
    unknown: sum(({ unknown }) => unknown),
    differing: results.filter(differs).map(flat),
  };
}

function differs({ repaired, notRepaired, unknown }: Reconciled): boolean {
  return repaired + notRepaired + unknown > 0;
}

function flat({ day: { tenant, source, date }, ...rest }: Reconciled) {
  return { tenant, source, date, ...rest };
}
