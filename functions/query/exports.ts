import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { ConflictError, NotFoundError } from '../../shared/errors.ts';
import { isUnfinished } from '../../shared/export/exports.ts';
import { ExportRequest, fixRequest } from '../../shared/export/query.ts';
import { availableUntil, type ExportRecord, newExport, rowsOf } from '../../shared/export/record.ts';
import { canonicalJson } from '../../shared/json.ts';
import { environment } from '../environment.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { keyActor } from '../http/authorize.ts';
import { readInput, record } from '../http/input.ts';
import { withinKey } from '../http/within-key.ts';
import { exports, once } from '../services.ts';
import { logger } from '../telemetry.ts';

/** How long a link is good, at most: it ends with the credentials of the function that signs it, too. */
const LINK_SECONDS = 900;
/** Exports of a tenant that are not done. */
const MOST_UNFINISHED = 5;
const MOST_LISTED = 100;

/** Tried once: the schedule starts what was not started. */
const lambda = once(
  () => new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } }),
);
// A link that asks for checksums is one that curl and browsers don't check.
const s3 = once(() => new S3Client({ responseChecksumValidation: 'WHEN_REQUIRED' }));

/** `POST /v1/exports`: a query's result as files, made in the background. */
export async function create(request: ApiRequest): Promise<Answer> {
  const { key, now } = request;
  const input = readInput(request, ExportRequest);
  const { query, asked } = fixRequest(input, now);
  const { filter } = await withinKey(request, asked);
  const unfinished = (await exports().list(key.tenant)).filter(isUnfinished).length;
  if (unfinished >= MOST_UNFINISHED)
    throw new ConflictError(`${unfinished} exports are not done yet: let one come to its end`);
  const made = newExport(
    {
      tenant: key.tenant,
      format: input.format,
      ...(asked.fields && { columns: [...asked.fields] }),
      query: { ...query, ...(filter.source && { source: [...filter.source] }) },
      by: { key: keyActor(key).id ?? key.id, name: key.name },
    },
    now,
  );
  // Written down first: nothing leaves that nobody knows of.
  await record(request, {
    action: 'export.create',
    target: { type: 'export', id: made.id },
    changes: [
      { attribute: 'format', new: made.format },
      { attribute: 'query', new: canonicalJson(made.query) },
    ],
  });
  await exports().create(made);
  await start(made);
  return { status: 202, body: shown(made, now) };
}

/** `GET /v1/exports`: the newest, without links. */
export async function list({ key, now }: ApiRequest): Promise<Answer> {
  const all = (await exports().list(key.tenant)).filter((one) => maySee(key, one));
  return { status: 200, body: { exports: all.slice(0, MOST_LISTED).map((one) => shown(one, now)) } };
}

/** `GET /v1/exports/{id}`: with links when it is done. */
export async function show(request: ApiRequest): Promise<Answer> {
  const { event, key, now } = request;
  const found = await exports().get(key.tenant, event.pathParameters?.['id'] ?? '');
  if (!found || !maySee(key, found)) throw new NotFoundError('there is no export with this id');
  const body = shown(found, now);
  if (body.status !== 'done') return { status: 200, body };
  await record(request, {
    action: 'export.download',
    target: { type: 'export', id: found.id },
    changes: [{ attribute: 'links', new: `for ${LINK_SECONDS} seconds` }],
  });
  return { status: 200, body: { ...body, ...(await links(found)) } };
}

/** A key that is limited to sources sees the exports of no others. */
function maySee(key: ApiRequest['key'], { query }: ExportRecord): boolean {
  const { source } = query;
  return key.sources === undefined || (Array.isArray(source) && source.every((one) => key.sources?.includes(one)));
}

async function start({ tenant, id }: ExportRecord): Promise<void> {
  const FunctionName = environment('EXPORT_FUNCTION');
  const Payload = Buffer.from(JSON.stringify({ tenant, id }));
  await lambda()
    .send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }))
    .catch((error: unknown) => {
      logger.error('an export could not be started: the next tick of its schedule does', { id, error: error as Error });
    });
}

function shown(found: ExportRecord, now: Date) {
  const { id, format, columns, query, by, askedAt, startedAt, finishedAt, reason } = found;
  const until = availableUntil(found);
  return {
    id,
    status: found.status === 'done' && until <= now ? ('expired' as const) : found.status,
    format,
    columns: columns ?? null,
    query,
    by,
    askedAt,
    startedAt: startedAt ?? null,
    finishedAt: finishedAt ?? null,
    rows: rowsOf(found),
    reason: reason ?? null,
    availableUntil: until.toISOString(),
  };
}

async function links({ files, manifest, publicKey }: ExportRecord) {
  const expiresAt = new Date(Date.now() + LINK_SECONDS * 1_000).toISOString();
  const urlOf = (Key: string) =>
    getSignedUrl(s3(), new GetObjectCommand({ Bucket: environment('EXPORTS_BUCKET'), Key }), {
      expiresIn: LINK_SECONDS,
    });
  return {
    files: await Promise.all(
      files.map(async ({ key, name, rows, bytes, sha256 }) => ({
        name,
        url: await urlOf(key),
        expiresAt,
        rows,
        bytes,
        sha256,
      })),
    ),
    manifest: manifest && {
      name: manifest.name,
      url: await urlOf(manifest.key),
      signatureUrl: await urlOf(manifest.signatureKey),
      expiresAt,
      sha256: manifest.sha256,
      signature: manifest.signature,
    },
    publicKey,
  };
}
