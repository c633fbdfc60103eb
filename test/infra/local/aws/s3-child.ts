import { createS3 } from '../../../../infra/local/aws/s3.ts';
import { principal } from './endpoint-support.ts';

// Overwrites one object again and again, with contents and metadata that belong together, and says so, until killed.
const [dir = ''] = process.argv.slice(2);
const s3 = createS3({ dir, buckets: [{ name: 'b', policy: [] }] });
const operator = principal('operator');
for (let n = 0; ; n++) {
  const fill = String.fromCharCode(97 + (n % 26));
  await s3.putObject(operator, 'b', 'same', Buffer.alloc(3_000_000, fill), { metadata: { fill } });
  await s3.putObject(operator, 'b', `new/${n}`, Buffer.from(String(n)), { ifNoneMatch: '*' });
  process.stdout.write(`${n}\n`);
}
