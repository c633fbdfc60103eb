import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { createS3 } from '../../../../infra/local/aws/s3.ts';
import { clientOf, principal } from './endpoint-support.ts';
import { KILLED_BUCKETS } from './s3-support.ts';

// Overwrites objects again and again, with contents and metadata that belong together, hides and removes versions, and
// says so, until killed.
const [dir = ''] = process.argv.slice(2);
const s3 = createS3({ dir, buckets: KILLED_BUCKETS });
const operator = principal('operator');
const endpoint = await startEndpoint({ services: [s3.service], principals: [operator] });
const client = new S3Client(clientOf(endpoint.url, operator));
const Bucket = 'versions';
for (let n = 0; ; n++) {
  const fill = String.fromCharCode(97 + (n % 26));
  const metadata = { fill };
  await s3.putObject(operator, 'b', 'same', Buffer.alloc(3_000_000, fill), { metadata });
  await s3.putObject(operator, 'b', `new/${n}`, Buffer.from(String(n)), { ifNoneMatch: '*' });
  await s3.putObject(operator, Bucket, 'same', Buffer.alloc(100_000, fill), { metadata });
  await s3.putObject(operator, Bucket, 'hidden', Buffer.alloc(1000, fill), { metadata });
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden' }));
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'same' }));
  // Now the newest goes, so that the one before comes back, now an older one.
  const gone = Versions.length > 3 ? Versions[n % 2 === 0 ? 0 : 2] : undefined;
  if (gone !== undefined)
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'same', VersionId: gone.VersionId }));
  process.stdout.write(`${n}\n`);
}
