import type { Control } from '../control/table.ts';
import { LeaseLostError } from './errors.ts';
import { Job, jobKey } from './job.ts';

/** The partition of the control table that holds all jobs, so that one query finds what is due. */
export const JOBS = 'job';

/** Jobs in the control table. Every save is conditioned on the version that was read. */
export class Jobs {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** All jobs, or those of one connection. */
  async list(connection?: string): Promise<Job[]> {
    const items = await this.#control.list(JOBS, connection === undefined ? undefined : `${connection}#`);
    return items.map(parseJob);
  }

  /** All jobs of a tenant's connections. */
  async ofTenant(tenant: string): Promise<Job[]> {
    return (await this.#control.list(JOBS, `${tenant}.`)).map(parseJob);
  }

  /** Stores a new job; false when there is one already. */
  async create(job: Job): Promise<boolean> {
    return this.#control.put(JOBS, jobKey(job), job, 'absent');
  }

  /**
   * Takes the job for a run.
   *
   * @returns the job with the lease; undefined when another run holds it or has changed it since it was read.
   */
  async acquire(job: Job, now: Date, leaseMs: number): Promise<Job | undefined> {
    if (job.leaseUntil !== undefined && job.leaseUntil > now.toISOString()) return undefined;
    return this.#put({ ...job, leaseUntil: new Date(now.getTime() + leaseMs).toISOString() });
  }

  /**
   * Stores what changed.
   *
   * @returns the job with its new version.
   * @throws LeaseLostError when someone else has saved it since, or it was deleted.
   */
  async save(job: Job): Promise<Job> {
    const saved = await this.#put(job);
    if (saved) return saved;
    throw new LeaseLostError(
      `another run has taken over ${job.connection} ${job.stream} (${job.lane}), or it was deleted`,
    );
  }

  async delete(job: Job): Promise<void> {
    await this.#control.delete(JOBS, jobKey(job));
  }

  async #put(job: Job): Promise<Job | undefined> {
    const next = { ...job, version: job.version + 1 };
    return (await this.#control.put(JOBS, jobKey(job), next, { version: job.version })) ? next : undefined;
  }
}

function parseJob({ pk: _pk, sk: _sk, ...item }: Record<string, unknown>): Job {
  return Job.parse(item);
}
