import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ log: (m) => process.stderr.write(`${m}\n`) });
});
afterAll(() => stack?.close());

it('works', async () => {
  const sent = await stack.call('POST', '/v1/events', {
    body: {
      action: 'x',
      actor: { email: 'jane@example.com' },
      time: new Date().toISOString(),
      raw: { big: 12345678901234567890n.toString() },
    },
  });
  process.stderr.write(`${sent.status} ${sent.text}\n`);
  const found = await stack.page('actor=jane@example.com');
  process.stderr.write(`${JSON.stringify(found)}\n`);
  process.stderr.write(`${JSON.stringify(await stack.sql('select * from events'))}\n`);
  process.stderr.write(`${(await stack.call('GET', '/v1/sources')).text}\n`);
  expect(found).toHaveLength(1);
});
