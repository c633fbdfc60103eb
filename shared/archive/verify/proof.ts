import { z } from 'zod';
import { findEvent } from './event.ts';
import { Found } from './findings.ts';
import type { FileTools } from './sealed-file.ts';

/** Where one event of a tenant is sealed, as the verify function answers it. */
export const Located = z.union([
  z.strictObject({
    found: z.literal(true),
    source: z.string(),
    file: z.strictObject({
      key: z.string(),
      version: z.string(),
      size: z.int(),
      sha256: z.string(),
      rows: z.int(),
    }),
    digest: z.strictObject({ key: z.string(), day: z.string(), sha256: z.string(), signedBy: z.string() }),
  }),
  z.strictObject({ found: z.literal(false) }),
  /** A file that may hold it is not as it was sealed. */
  z.strictObject({ found: z.literal(null), problem: z.string() }),
]);
export type Located = z.infer<typeof Located>;

/** Finds the file and digest of a tenant's event. What it tells of the archive is the tenant's own. */
export async function locate(tenant: string, id: string, tools: FileTools): Promise<Located> {
  try {
    const event = await findEvent(id, tools, tenant);
    if (event === undefined) return { found: false };
    const { source, file, digest } = event;
    const { key, version, size, sha256, rows } = file;
    return { found: true, source, file: { key, version, size, sha256, rows }, digest };
  } catch (error) {
    if (error instanceof Found) return { found: null, problem: error.message };
    throw error;
  }
}
