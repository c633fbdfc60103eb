import { expect } from 'vitest';
import { fakeFleetActivities } from '../../infra/local/vendors/fleet.activities.ts';
import { shortTime } from '../../web/ui/format.ts';
import { startVendor } from '../support/fake-world.ts';
import { happened, SOME } from './events.ts';
import { it, soon } from './page-test.ts';

const DAY_MS = 86_400_000;

it('tells how a connection fares, tests it, and collects its history', async ({ open, stack, tenant }) => {
  const fleet = await startVendor(fakeFleetActivities, 'activities');
  try {
    fleet.happen(0, 5, new Date(Date.now() - 3_600_000));
    fleet.happen(6, 9, new Date(Date.now() - 5 * DAY_MS));
    const made = await stack.call('POST', '/v1/connections', { key: tenant.key, body: fleet.connection('our-fleet') });
    expect(made.status, made.text).toBe(201);
    await stack.tick();

    const visit = await open('#/sources');
    const { page } = visit;
    await page.getByText('1 connection, none needs attention.').waitFor();
    await page.getByRole('link', { name: 'our-fleet' }).click();
    await page.getByRole('heading', { name: /our-fleet/, level: 1 }).waitFor();
    await page.getByText('unless the server has an activity expiry window').waitFor();
    await page.getByText('What is not in this log').click();
    await page.getByText('Log-outs, changes of password and MFA').waitFor();
    expect(await page.title()).toBe('our-fleet · Sources · Annals');
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('heading', { name: 'The vendor answers, and lets the log be read' }).waitFor();

    await page.getByRole('button', { name: 'Collect a range' }).click();
    const dialog = page.getByRole('dialog', { name: 'Collect a range of history' });
    const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
    await dialog.getByLabel('From').fill(day(2));
    await dialog.getByLabel('To, not included').fill(day(3));
    await dialog.getByText('Must be after the first day.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Collect it' }).isDisabled()).toBe(true);
    await dialog.getByLabel('From').fill(day(8));
    await dialog.getByRole('button', { name: 'Collect it' }).click();
    await page.getByText('It is being collected.').waitFor();
    const history = page.getByRole('region', { name: 'History' });
    // The history that every connection begins with has a bar of its own for a while, of the same stream.
    const [from, to] = [8, 3].map((ago) => shortTime(`${day(ago)}T00:00:00Z`, 'utc'));
    const bar = history.getByRole('progressbar', { name: `History of activities, ${from} to ${to}` });
    await bar.waitFor();
    // It is looked up again every few seconds while it goes on.
    await soon(async () => {
      await stack.tick();
      return bar.count();
    }).toBe(0);
    await soon(() => history.innerText()).toMatch(/100%.*Finished.*4 new events of 4 read/s);

    fleet.fault = () => ({ kind: 'status', status: 401 }) as never;
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('heading', { name: 'The test failed' }).waitFor();
    await page.getByRole('link', { name: 'Events' }).click();
    await soon(() => page.getByRole('article').count()).toBe(10);
    expect(visit.params().getAll('connection')).toEqual(['our-fleet']);
  } finally {
    await fleet.close();
  }
});

it('shows what each source can give and has given, and what nobody sees', async ({ open, tenant }) => {
  await tenant.send([
    ...SOME,
    happened(5, { source: 'custom.hr', product: 'hr', type: 'create_user', action: 'hire' }),
  ]);
  const visit = await open('#/coverage');
  const { page } = visit;
  const grid = page.getByRole('grid', { name: 'Coverage: sources by event types' });
  await grid.getByRole('link', { name: /^hr.*, Create user: about 1 event/ }).waitFor();
  await page.getByText(/Of the 35 types of events in the SaaS Event Maturity Matrix, \d+ came/).waitFor();
  expect(
    await grid.getByRole('link', { name: /GitHub audit log.*reported once this source is connected/ }).count(),
  ).toBeGreaterThan(5);

  await page.getByText('Collected', { exact: true }).click();
  await soon(() => grid.getByText('Not connected').count()).toBe(0);
  await page.getByLabel('Category').selectOption('activity_audit');
  expect([...visit.params()].sort()).toEqual([
    ['category', 'activity_audit'],
    ['sources', 'collected'],
  ]);
  await page.getByText('Missing', { exact: true }).click();
  await soon(() => grid.getByRole('columnheader', { name: 'Download resource' }).count()).toBe(0);
  await page.reload();
  await page.getByRole('heading', { name: 'Coverage', level: 1 }).waitFor();
  await visit.go('#/coverage');
  await grid.getByRole('link', { name: /^hr.*, Create user: about 1 event/ }).click();
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
  await soon(() => page.getByRole('article').count()).toBe(1);
});

it('shows coverage on a phone, source by source', async ({ open, tenant }) => {
  await tenant.send(SOME);
  const visit = await open('#/coverage', { viewport: { width: 390, height: 800 } });
  const { page } = visit;
  await page.locator('summary').filter({ hasText: /^crm/ }).click();
  await page.getByRole('link', { name: /^Download resource: about \d+ event/ }).waitFor();
  for (const place of ['coverage', 'sources', 'events', 'help']) {
    await visit.go(`#/${place}`);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect([place, await page.evaluate(overflow)]).toEqual([place, 0]);
  }
});

it('helps', async ({ open, tenant }) => {
  const visit = await open('#/help/kept');
  const { page } = visit;
  await page.getByRole('heading', { name: 'How long it is kept' }).waitFor();
  await soon(() => page.evaluate('document.activeElement.textContent')).toBe('How long it is kept');
  await page.getByRole('link', { name: 'Who sees it' }).click();
  await soon(() => page.evaluate('document.activeElement.textContent')).toBe('Who sees it');
  await page.getByText(`of the tenant ${tenant.name}`).waitFor();
});
