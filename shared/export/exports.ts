import type { Control } from '../control/table.ts';
import { AnnalsError } from '../errors.ts';
import { ExportRecord } from './record.ts';

/** The partition of the control table that holds all exports, so that one query finds those that nobody works on. */
export const EXPORT_PARTITION = 'export';

/** Another run has taken the export over. */
export class ExportTakenError extends AnnalsError {
  readonly code = 'export_taken';
}

/** Exports in the control table. Every save is conditioned on the version that was read. */
export class Exports {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  async create(record: ExportRecord): Promise<void> {
    await this.#control.put(EXPORT_PARTITION, sortKey(record), record, 'absent');
  }

  async get(tenant: string, id: string): Promise<ExportRecord | undefined> {
    const item = await this.#control.get(EXPORT_PARTITION, sortKey({ tenant, id }));
    return item && parse(item);
  }

  /** All exports, or those of a tenant, newest first. */
  async list(tenant?: string): Promise<ExportRecord[]> {
    const items = await this.#control.list(EXPORT_PARTITION, tenant === undefined ? undefined : `${tenant}.`);
    return items.map(parse).sort((a, b) => (a.askedAt < b.askedAt ? 1 : a.askedAt > b.askedAt ? -1 : 0));
  }

  /** Takes the export for a run; undefined when there is nothing to do, or another run has it. */
  async acquire(record: ExportRecord, now: Date, leaseMs: number): Promise<ExportRecord | undefined> {
    if (!isFree(record, now)) return undefined;
    return this.#put({
      ...record,
      status: 'running',
      startedAt: record.startedAt ?? now.toISOString(),
      attempts: record.attempts + 1,
      leaseUntil: new Date(now.getTime() + leaseMs).toISOString(),
    });
  }

  /** @throws ExportTakenError when someone else has saved it since. */
  async save(record: ExportRecord): Promise<ExportRecord> {
    const saved = await this.#put(record);
    if (saved) return saved;
    throw new ExportTakenError(`another run has taken over export ${record.id}`);
  }

  async forget(record: ExportRecord): Promise<void> {
    await this.#control.delete(EXPORT_PARTITION, sortKey(record));
  }

  async #put(record: ExportRecord): Promise<ExportRecord | undefined> {
    const next = { ...record, version: record.version + 1 };
    const isWritten = await this.#control.put(EXPORT_PARTITION, sortKey(record), next, { version: record.version });
    return isWritten ? next : undefined;
  }
}

export function isUnfinished({ status }: ExportRecord): boolean {
  return status === 'queued' || status === 'running';
}

/** True for an export that has something left to do, and that no run is at work on. */
export function isFree(record: ExportRecord, now: Date): boolean {
  return isUnfinished(record) && (record.leaseUntil === undefined || record.leaseUntil <= now.toISOString());
}

function sortKey({ tenant, id }: Pick<ExportRecord, 'tenant' | 'id'>): string {
  return `${tenant}.${id}`;
}

function parse({ pk: _pk, sk: _sk, ...item }: Record<string, unknown>): ExportRecord {
  return ExportRecord.parse(item);
}
