import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLUMNS } from '../../../shared/archive/columns.ts';
import { definition, startFirehose } from './aws/firehose-support.ts';

export interface TestArchive {
  readonly dir: string;
  /** Delivers rows as one landing object of the given day of arrival. */
  land(arrival: string, ...rows: object[]): Promise<void>;
  remove(): Promise<void>;
}

/** A data directory as the start command leaves it, filled through the local Firehose. */
export async function createArchive(name = 'annals-sql-'): Promise<TestArchive> {
  const dir = await mkdtemp(join(tmpdir(), name));
  await writeFile(
    join(dir, 'stack.json'),
    JSON.stringify({
      buckets: { landing: 'landing', archive: 'archive', failures: 'failures' },
      database: 'annals_dev',
    }),
  );
  return {
    dir,
    async land(arrival, ...rows) {
      const firehose = await startFirehose({
        dir,
        stream: definition({ columns: COLUMNS }),
        now: () => new Date(arrival),
      });
      await firehose.put(rows.map((row) => JSON.stringify(row)).join('\n'));
      await firehose.firehose.flush();
      await firehose.close();
    },
    remove: () => rm(dir, { recursive: true }),
  };
}

export const EVENT = {
  id: '01',
  time: '2026-11-22T23:30:00.123Z',
  received_at: '2026-11-22T23:30:01.000Z',
  tenant: 'acme',
  source: 'github.audit',
  action: 'repo.create',
  targets: [{ type: 'repository', id: 'r1' }],
  entities: ['repository:r1'],
  raw: '{"n":1}',
  raw_size: 7,
};
