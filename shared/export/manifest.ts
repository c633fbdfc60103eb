import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { fingerprintOf } from '../archive/digest.ts';
import type { Signer } from '../archive/seal/signer.ts';
import { canonicalJson } from '../json.ts';
import type { Incomplete } from '../query/coverage.ts';
import type { CoveringDigests } from './digests.ts';
import { columnsOf, sha256Of } from './file.ts';
import { ExportGap } from './gaps.ts';
import { ExportQuery, FORMATS } from './query.ts';
import { ExportedFile, type ExportRecord, type PublicKey, rowsOf, SIGNING_ALGORITHM } from './record.ts';

/** What an export is, and what it can't be: the last object that is written, signed. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  id: z.string(),
  tenant: z.string(),
  /** The API key that asked for it. */
  by: z.strictObject({ key: z.string(), name: z.string() }),
  askedAt: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  fileFormat: z.enum(FORMATS),
  /** Null for NDJSON, whose objects are those of `GET /v1/events`. */
  columns: z.array(z.string()).nullable(),
  /** With `to` as it was fixed when the export was asked for. */
  query: ExportQuery,
  order: z.literal('oldest'),
  rows: z.int(),
  files: z.array(ExportedFile.omit({ key: true })),
  digests: z.strictObject({
    covering: z.array(z.strictObject({ day: z.string(), sha256: z.string() })),
    sealedTo: z.string().nullable(),
    firstNotSealed: z.string().nullable(),
  }),
  gaps: z.array(ExportGap),
  /** Sources of which older rows are missing, as they have left the hot store; the SQL asks the archive for them. */
  incomplete: z.array(
    z.strictObject({ source: z.string(), hotFrom: z.string(), missing: z.string(), sql: z.string() }),
  ),
  /** Fingerprint of the key that signs this. */
  key: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

/** What the manifest says besides what was written. */
export interface Circumstances {
  readonly digests: CoveringDigests;
  readonly gaps: readonly ExportGap[];
  readonly incomplete: readonly Incomplete[];
}

export interface SignedManifest {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly signature: Buffer;
  readonly publicKey: z.infer<typeof PublicKey>;
}

/** The manifest of an export whose files are all written, as canonical JSON with a newline, and its signature. */
export async function signManifest(
  record: ExportRecord,
  { digests, gaps, incomplete }: Circumstances,
  signer: Signer,
  finishedAt: string,
): Promise<SignedManifest> {
  const spki = await signer.publicKey();
  const fingerprint = fingerprintOf(spki);
  const manifest: Manifest = {
    format: 1,
    id: record.id,
    tenant: record.tenant,
    by: record.by,
    askedAt: record.askedAt,
    startedAt: record.startedAt ?? record.askedAt,
    finishedAt,
    fileFormat: record.format,
    columns: record.format === 'csv' ? [...columnsOf(record)] : null,
    query: record.query,
    order: 'oldest',
    rows: rowsOf(record),
    files: record.files.map(({ key: _, ...file }) => file),
    digests: { ...digests, covering: [...digests.covering] },
    gaps: [...gaps],
    incomplete: incomplete.map(({ source, hotFrom, sql }) => ({
      source,
      hotFrom,
      missing: `rows before ${hotFrom} may have left the hot store and are not in this export; SQL over the archive has them`,
      sql,
    })),
    key: fingerprint,
  };
  const bytes = Buffer.from(`${canonicalJson(manifest)}\n`);
  const digest = sha256Of(bytes);
  const pem = createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ format: 'pem', type: 'spki' });
  return {
    bytes,
    sha256: digest.toString('hex'),
    signature: await signer.sign(digest),
    publicKey: { algorithm: SIGNING_ALGORITHM, fingerprint, pem: pem.toString() },
  };
}
