import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, vi } from 'vitest';
import { STREAM, startFirehose } from './firehose-support.ts';

it('a killed process loses no record that was acknowledged', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'annals-firehose-killed-'));
  try {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'firehose-child.ts'), dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    let last = -1;
    for await (const line of createInterface(child.stdout)) {
      last = Number(line);
      if (last === 40) child.kill('SIGKILL');
    }
    await closed;
    expect(last).toBeGreaterThanOrEqual(40);
    // A write that the kill cut in two.
    const spool = join(dir, 'firehose', STREAM);
    const [file = ''] = await readdir(spool);
    await appendFile(join(spool, file), '1763805600000 eyJpZCI6Imhh');
    await appendFile(join(spool, 'left-over.parquet'), 'half');

    const test = await startFirehose({ dir });
    await vi.waitFor(async () => expect(await readdir(spool)).toEqual([]), { timeout: 20_000, interval: 20 });
    const ids = new Set((await test.rows()).map(({ id }) => id));
    for (let n = 0; n <= last; n++) for (const half of ['a', 'b']) expect(ids).toContain(`${n}${half}`);
    expect(await test.errors()).toEqual([]);
    await test.close();
  } finally {
    await rm(dir, { recursive: true });
  }
});
