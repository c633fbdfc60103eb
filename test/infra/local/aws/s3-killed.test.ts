import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { createReader } from '../../../../infra/local/aws/s3/reader.ts';
import { createS3 } from '../../../../infra/local/aws/s3.ts';
import { clientOf, principal } from './endpoint-support.ts';
import { KILLED_BUCKETS } from './s3-support.ts';

it('a killed process leaves no half object and loses none that was acknowledged', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'annals-s3-killed-'));
  try {
    for (const acknowledged of [3, 8, 17]) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 's3-child.ts'), dir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = once(child, 'close');
      let last = -1;
      for await (const line of createInterface(child.stdout)) {
        last = Number(line);
        if (last === acknowledged) child.kill('SIGKILL');
      }
      await closed;
      expect(last).toBeGreaterThanOrEqual(acknowledged);

      const s3 = createS3({ dir, buckets: KILLED_BUCKETS });
      expect(await readdir(join(dir, 's3-tmp'))).toEqual([]);
      const operator = principal('operator');
      const endpoint = await startEndpoint({ services: [s3.service], principals: [operator] });
      const client = new S3Client(clientOf(endpoint.url, operator));
      const same = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'same' }));
      const text = (await same.Body?.transformToString()) ?? '';
      expect(text).toHaveLength(3_000_000);
      expect(same.Metadata).toEqual({ fill: text[0] });
      expect(text).toBe((text[0] ?? '').repeat(3_000_000));
      for (let n = 0; n <= last; n++) expect(await readFile(s3.pathOf('b', `new/${n}`), 'utf8')).toBe(String(n));
      const reader = createReader(dir);
      for (const key of ['same', 'hidden']) {
        const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: 'versions', Prefix: key }));
        expect(Versions.length).toBeGreaterThan(0);
        for (const { VersionId } of Versions) {
          const read = await client.send(new GetObjectCommand({ Bucket: 'versions', Key: key, VersionId }));
          const own = (await read.Body?.transformToString()) ?? '';
          const fill = own[0] ?? '';
          expect(own).toBe(fill.repeat(key === 'same' ? 100_000 : 1000));
          expect(read.Metadata).toEqual({ fill });
        }
        const { versions, placed } = await reader.load('versions', key);
        expect(placed).toBe(versions[0]?.kind === 'object' ? versions[0].id : undefined);
        expect(await reader.keys('versions', key)).toEqual(placed === undefined ? [] : [key]);
      }
      client.destroy();
      await endpoint.close();
      await rm(join(dir, 's3/b/new'), { recursive: true });
    }
  } finally {
    await rm(dir, { recursive: true });
  }
});
