import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { s3SealStore } from '../../shared/archive/seal/s3-store.ts';
import { recordAct } from '../../shared/audit.ts';
import { InvalidRequestError } from '../../shared/errors.ts';
import { SourceName, TenantName } from '../../shared/names.ts';
import { readCursor, writeCursor } from '../../shared/replay/cursor.ts';
import { type Range, type Replayed, replayRange } from '../../shared/replay/range.ts';
import { restore } from '../../shared/replay/restore.ts';
import { environment } from '../environment.ts';
import { eventStore, once } from '../services.ts';
import { logger, publishMetrics } from '../telemetry.ts';

/** Nothing is begun any more when this is left; a batch under way has most of it. */
const SETTLING_MS = 60_000;
const LAST_MS = 10_000;
const DUCKDB_MB = 768;
const DAY_SECONDS = 86_400;

const ReplayEvent = z
  .strictObject({
    /** @default the deployment's own */
    tenant: TenantName.optional(),
    source: SourceName,
    from: z.iso.date(),
    to: z.iso.date(),
    /** How long the events stay, from now on. */
    days: z.int().min(1).max(3650),
    /** Who asks for it, for the record. */
    by: z.string().min(1).max(1024),
    /** Where the run before this one ended. */
    cursor: z.string().optional(),
  })
  .refine(({ from, to }) => from <= to, 'from is after to');

/** What a run did; `cursor` is to be given to the next one, null when all is done. */
export interface ReplayReport extends Omit<Replayed, 'next'> {
  readonly tenant: string;
  readonly cursor: string | null;
}

const requestHandler = { connectionTimeout: 1_000, requestTimeout: 30_000 };
const dynamo = once(() => new DynamoDBClient({ requestHandler }));
const s3 = once(() => new S3Client({ requestHandler }));

export const handler = middy(replay)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/** Puts a range of the archive into the hot store again, as far as the time of one invocation goes. */
async function replay(event: unknown, context: Context): Promise<ReplayReport> {
  const parsed = ReplayEvent.safeParse(event);
  if (!parsed.success) throw new InvalidRequestError(`no range to replay: ${z.prettifyError(parsed.error)}`);
  const { tenant = environment('TENANT'), source, from, to, days, by, cursor } = parsed.data;
  const now = new Date();
  const timeLeft = () => context.getRemainingTimeInMillis() - LAST_MS;
  const begin = { keepUntil: Math.ceil(now.getTime() / 1000) + days * DAY_SECONDS, file: '', id: '' };
  const position = cursor === undefined ? begin : readCursor(cursor);
  if (cursor === undefined) await writeDown({ tenant, source, from, to, days, by }, now, timeLeft);

  const temporary = await mkdtemp(join(tmpdir(), 'annals-replay-'));
  try {
    const { next, ...done } = await replayRange({ tenant, source, from, to }, position, {
      archive: s3SealStore(s3(), environment('ARCHIVE_BUCKET')),
      restore: (events) =>
        restore(events, { dynamo: dynamo(), table: environment('EVENTS_TABLE'), store: eventStore(), now }, timeLeft),
      timeLeft: () => context.getRemainingTimeInMillis() - SETTLING_MS,
      temporary,
      memoryMb: DUCKDB_MB,
    });
    logger.info('a range of the archive was replayed', {
      tenant,
      source,
      from,
      to,
      ...done,
      ended: next === undefined,
    });
    return { tenant, ...done, cursor: next === undefined ? null : writeCursor(next) };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Before it is done, so that nothing comes back without a trace. */
async function writeDown(
  { tenant, source, from, to, days, by }: Range & { days: number; by: string },
  now: Date,
  timeLeft: () => number,
): Promise<void> {
  const changes = Object.entries({ from, to, days: String(days) }).map(([attribute, value]) => ({
    attribute,
    new: value,
  }));
  const target = { type: 'source', id: source };
  const actor = { type: 'user' as const, name: by, role: 'deployer' };
  await recordAct(
    eventStore(),
    tenant,
    { action: 'archive.replay', outcome: 'success', actor, target, changes },
    now,
    timeLeft,
  );
}
