import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Digest } from '../../shared/archive/digest.ts';
import { activeHolds } from '../../shared/archive/hold.ts';
import { s3SealStore } from '../../shared/archive/seal/s3-store.ts';
import { Seal } from '../../shared/archive/seal/seal.ts';
import { PART } from '../../shared/archive/seal/settings.ts';
import { kmsSigner } from '../../shared/archive/seal/signer.ts';
import { environment } from '../environment.ts';
import { control, once } from '../services.ts';
import { count, gauge, logger, publishMetrics } from '../telemetry.ts';

const SETTLING_MS = 10_000;
/** Of the function's memory; Node.js, its buffers and DuckDB's own needs that it does not count take the rest. */
const DUCKDB_SHARE = 0.5;
const FOLDER = 'annals-seal-';
/** Longer than any invocation: what is older was left behind by one that was stopped. */
const LEFT_BEHIND_MS = 20 * 60_000;

const s3 = once(
  () => new S3Client({ requestHandler: { connectionTimeout: 2_000, requestTimeout: 120_000, socketTimeout: 30_000 } }),
);
const kms = once(() => new KMSClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } }));

export const handler = middy(seal)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/**
 * Seals every day that is due, oldest first, and stops in time: the next run goes on. Two runs at once do the same work
 * and do no harm.
 */
async function seal(_event: unknown, context: Context): Promise<{ sealed: string[] }> {
  await removeLeftBehind();
  const temporary = await mkdtemp(join(tmpdir(), FOLDER));
  const now = new Date();
  const { mode, years } = environment('ARCHIVE_LOCK');
  const run = new Seal({
    landing: s3SealStore(s3(), environment('LANDING_BUCKET')),
    archive: s3SealStore(s3(), environment('ARCHIVE_BUCKET')),
    signer: kmsSigner(kms(), environment('SIGNING_KEY')),
    lock: { mode, years },
    retention: environment('ARCHIVE_RETENTION'),
    holds: () => activeHolds(control()),
    limits: PART.limits,
    partMs: PART.ms,
    temporary,
    memoryMb: Math.floor(Number(context.memoryLimitInMB) * DUCKDB_SHARE),
    refused: (key, { reason, detail }) => logger.error('a landing object was set aside', { key, reason, detail }),
  });
  const sealed: string[] = [];
  try {
    for await (const digest of run.run(now, () => context.getRemainingTimeInMillis() - SETTLING_MS)) {
      tell(digest);
      sealed.push(digest.day);
    }
  } finally {
    const overdue = run.overdueHours(now);
    if (overdue !== undefined) gauge('SealOverdueHours', overdue);
    await rm(temporary, { recursive: true, force: true });
  }
  return { sealed };
}

function tell({ day, files, landing, expired, unreadable, repeats, archivedBefore }: Digest): void {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  count('EventsSealed', rows);
  count('SealUnreadable', unreadable.length);
  logger.info('a day was sealed', {
    day,
    rows,
    files: files.length,
    landing: landing.length,
    expired: expired.length,
    unreadable: unreadable.length,
    repeats,
    archivedBefore,
  });
}

async function removeLeftBehind(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER)) continue;
    const path = join(tmpdir(), name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true });
  }
}
