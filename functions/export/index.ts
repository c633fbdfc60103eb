import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { kmsSigner } from '../../shared/archive/seal/signer.ts';
import { s3ArchiveReader } from '../../shared/archive/verify/reader.ts';
import { coveringDigests } from '../../shared/export/digests.ts';
import { isFree, isUnfinished } from '../../shared/export/exports.ts';
import { gapsIn } from '../../shared/export/gaps.ts';
import type { Circumstances } from '../../shared/export/manifest.ts';
import { filterOf } from '../../shared/export/query.ts';
import { type ExportRecord, rowsOf } from '../../shared/export/record.ts';
import { runExport } from '../../shared/export/run.ts';
import { TenantName } from '../../shared/names.ts';
import { s3ObjectStore } from '../../shared/objects.ts';
import { incompleteSources } from '../../shared/query/coverage.ts';
import { tierOf } from '../../shared/sources/registry.ts';
import { environment } from '../environment.ts';
import { connections, eventReader, eventStore, exports, jobs, once } from '../services.ts';
import { count, logger, publishMetrics } from '../telemetry.ts';

/** What the query function asks for; the schedule gives nothing. */
const NewExport = z.strictObject({ tenant: TenantName, id: z.string() });

/** A new export is started by whoever made it; after this long the schedule takes it to be forgotten. */
const STARTED_MS = 60_000;
/** Listed for this long. The record of who exported what is in annals.audit for good. */
const LISTED_MS = 30 * 86_400_000;
/** Less is not worth beginning with another export. */
const WORTHWHILE_MS = 180_000;
/** Everything with an event time is after this. */
const EPOCH = '1970-01-01T00:00:00.000Z';

const s3 = once(
  () => new S3Client({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 60_000, socketTimeout: 30_000 } }),
);
const kms = once(() => new KMSClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } }));
const archive = once(() =>
  s3ArchiveReader(environment('ARCHIVE_BUCKET'), {
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 60_000 },
  }),
);

export const handler = middy(run)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/**
 * For `{tenant, id}`: runs that export. Every minute: goes on with those that are not done and that no run is at work on,
 * because its time was up, or it died.
 */
async function run(event: unknown, context: Context): Promise<void> {
  const timeLeft = () => context.getRemainingTimeInMillis();
  const asked = NewExport.safeParse(event);
  if (asked.success) {
    const found = await exports().get(asked.data.tenant, asked.data.id);
    if (found) await goOn(found, timeLeft);
    return;
  }
  const now = new Date();
  const all = await exports().list();
  for (const one of all)
    if (!isUnfinished(one) && now.getTime() - Date.parse(one.askedAt) > LISTED_MS) await exports().forget(one);
  const isLeft = (one: ExportRecord) =>
    isFree(one, now) && (one.status === 'running' || now.getTime() - Date.parse(one.askedAt) > STARTED_MS);
  for (const one of all.filter(isLeft).reverse()) {
    if (timeLeft() < WORTHWHILE_MS) return;
    await goOn(one, timeLeft);
  }
}

async function goOn(found: ExportRecord, timeLeft: () => number): Promise<void> {
  const { tenant, id } = found;
  const outcome = await runExport(
    {
      exports: exports(),
      reader: eventReader(),
      files: s3ObjectStore(s3(), environment('EXPORTS_BUCKET')),
      circumstances,
      signer: kmsSigner(kms(), environment('SIGNING_KEY')),
      now: () => new Date(),
      timeLeft,
      onError: (record, error) =>
        logger.error('a run of an export failed; another goes on with it', {
          tenant,
          id,
          rows: rowsOf(record),
          error: error as Error,
        }),
    },
    found,
  );
  logger.info('a run of an export ended', { tenant, id, outcome });
  if (outcome === 'failed') count('ExportsFailed');
}

async function circumstances({ tenant, query, askedAt }: ExportRecord): Promise<Circumstances> {
  const now = new Date();
  const filter = filterOf(query);
  const { from, to = askedAt } = filter;
  const tiers = environment('TIERS');
  const [digests, made, collecting, days] = await Promise.all([
    coveringDigests(archive(), tenant, { from, to }),
    connections().list(tenant),
    jobs().ofTenant(tenant),
    eventStore().days.list(tenant, { ...(from !== undefined && { from: from.slice(0, 10) }), to: to.slice(0, 10) }),
  ]);
  const range = { ...filter, from: from ?? EPOCH };
  return {
    digests,
    gaps: gapsIn(made, collecting, filter, to, now),
    incomplete: incompleteSources(tenant, range, days, (source) => tierOf(source, tiers), now.getTime()),
  };
}
