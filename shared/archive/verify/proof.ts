import { timeOfId } from '../../event/id.ts';
import { isOver, type Retention } from '../seal/expiry.ts';
import { findEvent } from './event.ts';
import { findExpired } from './expired.ts';
import { Found } from './findings.ts';
import type { Located } from './located.ts';
import type { FileTools } from './sealed-file.ts';

export interface LocateOptions extends FileTools {
  readonly retention: Retention;
  readonly now: Date;
}

/**
 * Finds the file and digest of a tenant's event, or the file that held it if that has expired: of one whose retention is not
 * over, none has. What it tells of the archive is the tenant's own.
 */
export async function locate(tenant: string, id: string, tools: LocateOptions): Promise<Located> {
  try {
    const event = await findEvent(id, tools, tenant);
    if (event === undefined) {
      const isOld = isOver(tenant, timeOfId(id), tools.retention, tools.now);
      const [expired] = isOld ? await findExpired(id, tools.reader, tenant) : [];
      if (expired === undefined) return { found: false };
      const { key, version, sha256, rows } = expired.file;
      return { found: false, expired: { file: { key, version, sha256, rows }, digest: expired.digest } };
    }
    const { source, file, digest } = event;
    const { key, version, size, sha256, rows } = file;
    return { found: true, source, file: { key, version, size, sha256, rows }, digest };
  } catch (error) {
    if (error instanceof Found) return { found: null, problem: error.message };
    throw error;
  }
}
