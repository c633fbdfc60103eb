import { findEvent } from './event.ts';
import { Found } from './findings.ts';
import type { Located } from './located.ts';
import type { FileTools } from './sealed-file.ts';

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
