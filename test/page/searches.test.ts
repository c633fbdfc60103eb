import { expect } from 'vitest';
import { SOME } from './events.ts';
import { it, soon } from './page-test.ts';

it.beforeAll(({ tenant }) => tenant.send(SOME));

it('keeps a search, shares it with others, and lets it go', async ({ open, stack, tenant }) => {
  const visit = await open('#/events?outcome=failure&columns=time&columns=actor');
  const { page } = visit;
  await page.getByRole('button', { name: 'Save' }).click();
  const save = page.getByRole('dialog', { name: 'Save this search' });
  await save.getByLabel('Name').fill('What failed');
  await save.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved as “What failed”.').waitFor();

  await visit.go('#/searches');
  const mine = page.getByRole('region', { name: 'Yours' });
  await mine.getByText('Only you').waitFor();
  await mine.getByRole('button', { name: 'More for What failed' }).click();
  await page.getByRole('button', { name: 'Share with everyone' }).click();
  await page.getByText('Everyone of this tenant sees it now.').waitFor();
  await mine.getByText('Shared').waitFor();

  const theirs = await open('#/searches', { key: await stack.newKey({ tenant: tenant.name, scopes: ['read'] }) });
  const shared = theirs.page.getByRole('region', { name: 'Shared by others' });
  await shared.getByText('Ada’s key').waitFor();
  await shared.getByRole('link', { name: 'What failed' }).click();
  await soon(() => theirs.page.getByRole('article').count()).toBe(1);
  expect(theirs.params().getAll('columns')).toEqual(['time', 'actor']);
  expect(theirs.params().get('outcome')).toBe('failure');

  await mine.getByRole('button', { name: 'More for What failed' }).click();
  await page.getByRole('button', { name: 'Rename…' }).click();
  await page.getByRole('dialog', { name: 'Rename this search' }).getByLabel('Name').fill('All that failed');
  await page.getByRole('button', { name: 'Save' }).click();
  await mine.getByRole('link', { name: 'All that failed' }).waitFor();
  await mine.getByRole('button', { name: 'More for All that failed' }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.getByRole('heading', { name: 'No search is kept yet' }).waitFor();

  // All of it is on record, as the feed shows.
  await visit.go('#/events?source=annals.audit&q=All+that+failed');
  await soon(() => page.getByRole('article').count()).toBeGreaterThan(0);
});

it('suggests searches, which can be used and copied, and not changed', async ({ open }) => {
  const visit = await open('#/searches');
  const { page } = visit;
  const suggested = page.getByRole('region', { name: 'Suggested' });
  const first = suggested.getByRole('listitem').first();
  const name = await first.getByRole('link').first().innerText();
  await first.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('button', { name: 'Copy to yours' }).waitFor();
  expect(await page.getByRole('button', { name: 'Delete…' }).isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Copy to yours' }).click();
  await page.getByRole('region', { name: 'Yours' }).getByRole('link', { name }).waitFor();
  await first.getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
  expect(visit.params().size).toBeGreaterThan(0);
});
