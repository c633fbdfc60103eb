import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { SOME } from './events.ts';
import { it } from './page-test.ts';

it('exports what is filtered: the file is what the API gives', async ({ open, stack, tenant }) => {
  await tenant.send(SOME);
  const { page } = await open('#/events?source=custom.crm&last=90d', { others: [new URL(stack.endpoint.url).origin] });
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByText('NDJSON').click();
  await dialog.getByRole('button', { name: 'Export' }).click();
  const link = dialog.getByRole('link', { name: /^Download · 4 events/ });
  const download = page.waitForEvent('download');
  await link.click();
  const file = gunzipSync(readFileSync(await (await download).path()));
  const lines = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
  const api = await stack.call('GET', '/v1/events?source=custom.crm&format=ndjson', { key: tenant.key });
  const ids = (events: { id: string }[]) => events.map(({ id }) => id).sort();
  expect(ids(lines(file.toString('utf8')))).toEqual(ids(lines(api.text)));
  expect(await dialog.getByRole('link', { name: 'Signed manifest' }).count()).toBe(1);
});
