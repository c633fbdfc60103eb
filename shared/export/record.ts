import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { TenantName } from '../names.ts';
import { ExportQuery, FORMATS } from './query.ts';

const Time = z.iso.datetime();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().min(0);

/** An object of the exports bucket; `name` is what it is saved as. */
const ExportedObject = z.strictObject({ key: z.string(), name: z.string(), bytes: Count, sha256: Sha256 });
export const ExportedFile = ExportedObject.extend({ rows: Count });
export type ExportedFile = z.infer<typeof ExportedFile>;

export const SIGNING_ALGORITHM = 'RSASSA_PKCS1_V1_5_SHA_256';
export const PublicKey = z.strictObject({
  algorithm: z.literal(SIGNING_ALGORITHM),
  /** SHA-256 of the SubjectPublicKeyInfo in DER, in hexadecimal. */
  fingerprint: Sha256,
  pem: z.string(),
});

/** An export as the control table has it. */
export const ExportRecord = z.strictObject({
  tenant: TenantName,
  id: z.string(),
  /** Rises with every save: a run that lost its lease can't save. */
  version: z.int(),
  format: z.enum(FORMATS),
  columns: z.array(z.string()).optional(),
  query: ExportQuery,
  by: z.strictObject({ key: z.string(), name: z.string() }),
  askedAt: Time,
  status: z.enum(['queued', 'running', 'done', 'failed']),
  /** Until then it belongs to a run, or is left alone after one that failed. */
  leaseUntil: Time.optional(),
  /** Runs in a row that got no further. */
  attempts: Count,
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  /** Why it failed, in words. */
  reason: z.string().optional(),
  /** The id up to which events are in `files`. */
  after: z.string().optional(),
  /** Every event was looked at: only the manifest is missing. */
  scanned: z.boolean(),
  files: z.array(ExportedFile),
  manifest: ExportedObject.extend({ signature: z.base64(), signatureKey: z.string() }).optional(),
  publicKey: PublicKey.optional(),
});
export type ExportRecord = z.infer<typeof ExportRecord>;

/** Objects expire 7 days after they were written, and an export begins after it was asked for. */
const KEPT_MS = 7 * 86_400_000;

export function availableUntil({ askedAt }: ExportRecord): Date {
  return new Date(Date.parse(askedAt) + KEPT_MS);
}

export function newExport(
  of: Pick<ExportRecord, 'tenant' | 'format' | 'columns' | 'query' | 'by'>,
  now: Date,
): ExportRecord {
  const askedAt = now.toISOString();
  return {
    ...of,
    id: `${askedAt.slice(0, 10).replaceAll('-', '')}-${randomBytes(6).toString('hex')}`,
    version: 0,
    askedAt,
    status: 'queued',
    attempts: 0,
    scanned: false,
    files: [],
  };
}

export function rowsOf({ files }: Pick<ExportRecord, 'files'>): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}
