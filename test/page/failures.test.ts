import { expect } from 'vitest';
import { SOME } from './events.ts';
import { it, newTenant, soon } from './page-test.ts';

it.beforeAll(({ tenant }) => tenant.send(SOME));

const problem = (status: number, detail: string) => ({
  status,
  contentType: 'application/problem+json',
  headers: { 'retry-after': '0' },
  body: JSON.stringify({ type: 'urn:annals:problem:internal', title: 'x', status, detail, requestId: 'r-123' }),
});

it('says to an empty tenant what to do', async ({ open, stack }) => {
  const { key } = await newTenant(stack);
  const visit = await open('#/events', { key });
  const { page } = visit;
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  await page.getByRole('link', { name: 'Connect a source' }).click();
  await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
  await page.getByText('Nothing is connected yet.').waitFor();
  await page.getByText('GitHub audit log').first().click();
  await page.getByRole('listitem').filter({ hasText: 'Make the connection with' }).first().waitFor();
  await visit.go('#/coverage');
  await page.getByText(/0 came in the last 30 days/).waitFor();
  await visit.go('#/entity/user:nobody@example.com');
  await page.getByRole('heading', { name: 'No activity in this time' }).waitFor();
});

it('shows where things will be while a slow API answers', async ({ open }) => {
  const visit = await open('#/help');
  const { page } = visit;
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  await page.route(/\/v1\/(events|counts|sources|coverage)/, async (route) => {
    await answered;
    await route.continue();
  });
  await visit.go('#/coverage');
  await page.getByRole('status', { name: 'Loading' }).waitFor();
  await visit.go('#/sources');
  await page.getByRole('status', { name: 'Loading' }).waitFor();
  await visit.go('#/events');
  const skeletons = page.locator('.skeleton');
  await soon(() => skeletons.count()).toBeGreaterThan(5);
  expect(await page.getByText(/Nothing (matches|here)/).count()).toBe(0);
  answer();
  await soon(() => page.getByRole('article').count()).toBe(6);
  await soon(() => skeletons.count()).toBe(0);
});

it('says what failed, and tries again', async ({ open }) => {
  const visit = await open('#/help');
  const { page } = visit;
  const tryAgain = page.getByRole('button', { name: 'Try again' });
  await page.route(/\/v1\/(events|counts)/, (route) => route.fulfill(problem(500, 'something broke')));
  await visit.go('#/events');
  const alert = page.getByRole('alert').filter({ hasText: 'The events could not be loaded.' });
  await alert.getByText('Something broke.').waitFor();
  await alert.getByText('Request r-123').waitFor();
  await page.getByRole('alert').filter({ hasText: 'The events could not be counted.' }).waitFor();
  expect(await page.getByText(/Nothing (matches|here)/).count()).toBe(0);
  await page.unrouteAll();
  await tryAgain.last().click();
  await tryAgain.first().click();
  await soon(() => page.getByRole('article').count()).toBe(6);
  await soon(() => tryAgain.count()).toBe(0);

  await page.route(/\/v1\//, (route) => route.abort());
  for (const place of ['coverage', 'sources', `events/${'0'.repeat(26)}`]) {
    await visit.go(`#/${place}`);
    await page.getByRole('alert').getByText('The deployment could not be reached.').first().waitFor();
  }
  await page.unrouteAll();
  await visit.go('#/coverage');
  await page.getByRole('grid').waitFor();

  // Busy for a moment: asked again without a word.
  let times = 0;
  await page.route('**/v1/events?*', (route) => {
    times += 1;
    return times > 2 ? route.continue() : route.fulfill(problem(503, 'busy'));
  });
  await visit.go('#/events?last=7d');
  await soon(() => page.getByRole('article').count()).toBe(6);
  expect(times).toBe(3);
  expect(await page.getByRole('alert').count()).toBe(0);
});

it('says so when a page in the middle fails, and keeps what is there', async ({ open }) => {
  const visit = await open('#/help');
  const { page } = visit;
  let fails = true;
  await page.route('**/v1/events?*', async (route) => {
    const url = new URL(route.request().url());
    if (url.searchParams.has('cursor') && fails) return route.fulfill(problem(500, 'page two broke'));
    // Two events a page.
    url.searchParams.set('limit', '2');
    return route.continue({ url: url.href });
  });
  await visit.go('#/events');
  await page.getByRole('alert').getByText('Page two broke.').waitFor();
  expect(await page.getByRole('article').count()).toBe(2);
  fails = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('That is all: 6 events.').waitFor();
  expect(await page.getByRole('article').count()).toBe(6);
});

it('never looks as if nothing had happened where time lies beyond what is hot', async ({ open }) => {
  const visit = await open('#/events?from=2019-01-01T00:00:00.000Z&source=custom.crm');
  const { page } = visit;
  await page.getByText('Not all of this time is shown.').waitFor();
  await page.getByText('Show the SQL').click();
  await page.getByText(/^select .* from (events|archive)/is).waitFor();
  await visit.go('#/events?from=2019-01-01T00:00:00.000Z&to=2019-02-01T00:00:00.000Z&source=custom.crm');
  await page.getByText('Not all of this time is shown.').waitFor();
  await page.getByText('Nothing that can be searched here matches. Older events may be in the archive').waitFor();
});
