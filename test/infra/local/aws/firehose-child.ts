import { startFirehose } from './firehose-support.ts';

// Accepts records until killed, says how many were acknowledged, and never delivers by itself.
const [dir = ''] = process.argv.slice(2);
const test = await startFirehose({ dir });
for (let n = 0; ; n++) {
  await test.put(`{"id":"${n}a"}`, `{"id":"${n}b"}`);
  process.stdout.write(`${n}\n`);
}
