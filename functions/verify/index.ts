import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { fingerprintOf } from '../../shared/archive/digest.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { verifyDaily } from '../../shared/archive/verify/daily.ts';
import type { Located } from '../../shared/archive/verify/located.ts';
import { ParquetReader } from '../../shared/archive/verify/parquet.ts';
import { locate } from '../../shared/archive/verify/proof.ts';
import { s3ArchiveReader } from '../../shared/archive/verify/reader.ts';
import type { FileTools } from '../../shared/archive/verify/sealed-file.ts';
import type { PinnedKey } from '../../shared/archive/verify/trust.ts';
import { TenantName } from '../../shared/names.ts';
import { environment } from '../environment.ts';
import { control, once } from '../services.ts';
import { count, gauge, logger, publishMetrics } from '../telemetry.ts';

/** The walk goes on without reading files when this is left. */
const WALKING_MS = 180_000;
/** Of the time for reading, what the older files may take. */
const ROLLING_SHARE = 0.5;
/** What of a Lambda's memory DuckDB may take; Node.js and a digest need the rest. */
const DUCKDB_MB = 512;

/** What the query function asks for; the schedule gives nothing. */
const LocateEvent = z.strictObject({ tenant: TenantName, id: z.string() });

const reader = once(() =>
  s3ArchiveReader(environment('ARCHIVE_BUCKET'), {
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 60_000 },
  }),
);
const kms = once(() => new KMSClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } }));

export const handler = middy(verify)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/** Daily: verifies the archive and stores the verdict. For `{tenant, id}`: says where that event is sealed. */
async function verify(event: unknown, context: Context): Promise<Located | undefined> {
  const asked = LocateEvent.safeParse(event);
  return withTools(async (tools) => {
    if (asked.success)
      return locate(asked.data.tenant, asked.data.id, {
        ...tools,
        retention: environment('ARCHIVE_RETENTION'),
        now: new Date(),
      });
    await daily(tools, context);
    return undefined;
  });
}

async function daily(tools: FileTools, context: Context): Promise<void> {
  const timeLeft = () => context.getRemainingTimeInMillis() - WALKING_MS;
  const reserved = timeLeft() * (1 - ROLLING_SHARE);
  const verdict = await verifyDaily({
    ...tools,
    control: control(),
    key: await currentKey(),
    now: new Date(),
    timeLeft,
    rollingLeft: () => timeLeft() - reserved,
    onFinding: ({ code, key, message }) =>
      logger.error('the archive is not as it was sealed', { code, key, problem: message }),
  });
  logger.info(verdict.line, { ...verdict });
  gauge('VerifyFindings', verdict.findings);
  count('FilesVerified', verdict.filesRead);
}

async function currentKey(): Promise<PinnedKey> {
  const { PublicKey } = await kms().send(new GetPublicKeyCommand({ KeyId: environment('SIGNING_KEY') }));
  if (PublicKey === undefined) throw new TypeError('KMS gave no public key');
  return {
    fingerprint: fingerprintOf(PublicKey),
    key: createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }),
  };
}

async function withTools<T>(use: (tools: FileTools) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'annals-verify-'));
  const duckDb = await openDuckDb({ threads: 1, memoryMb: DUCKDB_MB, temporary: join(folder, 'spill') });
  try {
    return await use({ reader: reader(), folder, parquet: new ParquetReader(await duckDb.connect()) });
  } finally {
    duckDb.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
