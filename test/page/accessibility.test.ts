import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { fakeFleetActivities } from '../../infra/local/vendors/fleet.activities.ts';
import { startVendor } from '../support/fake-world.ts';
import { SOME } from './events.ts';
import { it, soon } from './page-test.ts';
import type { Visit } from './visit.ts';

/** What axe finds that keeps people out, in the light theme; and by the colours alone, which is all that differs, in the dark one. */
async function barriers(page: Page, where: string): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, only] of [
    ['light', '{}'],
    ['dark', "{ runOnly: ['color-contrast', 'link-in-text-block'] }"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(SETTLED);
    const { violations } = (await page.evaluate(`axe.run(document, ${only})`)) as AxeResults;
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      const [first] = nodes;
      found.push(
        `${where}, ${colorScheme}: ${id}: ${nodes.length} times, ${first?.target.join(' ')}: ${first?.failureSummary}`,
      );
    }
  }
  return found;
}

/** Colours that fade over are those of neither theme for a moment. */
const SETTLED = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))).then(() =>
  Promise.all(document.getAnimations().filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
    .map(({ finished }) => finished.catch(() => {}))))`;

type Step = readonly [place: string, open: (visit: Visit) => Promise<unknown>];
const heading = (visit: Visit, name: string) =>
  visit.page.getByRole('heading', { name, exact: true }).first().waitFor();
const press = ({ page }: Visit, name: string | RegExp) => page.getByRole('button', { name }).first().click();
const dialog = ({ page }: Visit, name: string | RegExp) => page.getByRole('dialog', { name }).waitFor();
const rows = async ({ page }: Visit) => soon(() => page.getByRole('article').count()).toBeGreaterThan(0);

const PAGES: readonly Step[] = [
  ['events', rows],
  ['events?columns=time&columns=actor&columns=type&columns=outcome', rows],
  ['events?from=2019-01-01T00:00:00.000Z&source=custom.crm', (visit) => visit.page.getByText('Show the SQL').click()],
  ['events?q=no+such+text', (visit) => heading(visit, 'Nothing matches')],
  ['entity/user:jane@example.com', rows],
  ['coverage', ({ page }) => page.getByRole('grid').waitFor()],
  ['sources', ({ page }) => page.getByRole('link', { name: 'our-fleet' }).waitFor()],
  ['searches', (visit) => heading(visit, 'Suggested')],
  ['admin/keys', (visit) => heading(visit, 'Who can read, and last did')],
  ['admin/connections', ({ page }) => page.getByRole('link', { name: 'our-fleet', exact: true }).waitFor()],
  ['admin/connections?new=1', ({ page }) => page.getByRole('heading', { level: 1 }).waitFor()],
  ['admin/connections?new=github.audit', ({ page }) => page.getByRole('heading', { name: /^Connect / }).waitFor()],
  ['admin/holds', (visit) => heading(visit, 'Nothing is on hold')],
  ['help', (visit) => heading(visit, 'Keyboard')],
  ['nowhere', (visit) => heading(visit, 'There is no such page')],
];

const DIALOGS: readonly Step[] = [
  ['events', (visit) => press(visit, 'Export').then(() => dialog(visit, 'Export'))],
  ['events', (visit) => press(visit, 'Save').then(() => dialog(visit, 'Save this search'))],
  ['events', (visit) => press(visit, 'Last 30 days').then(() => dialog(visit, 'Time'))],
  ['events', (visit) => press(visit, 'Filter by type').then(() => dialog(visit, 'Type'))],
  ['events', (visit) => press(visit, 'Filter by actor').then(() => dialog(visit, 'Actor'))],
  ['events', (visit) => press(visit, 'View').then(() => dialog(visit, 'View'))],
  ['events', (visit) => press(visit, /^Account/).then(() => dialog(visit, 'Account'))],
  [
    'events',
    ({ page }) => page.keyboard.press('?').then(() => page.getByRole('dialog', { name: 'Keyboard' }).waitFor()),
  ],
  ['admin/keys?new=1', (visit) => dialog(visit, 'New API key')],
  ['admin/keys', (visit) => press(visit, /^Revoke /).then(() => dialog(visit, 'Revoke this key'))],
  ['admin/holds?new=1', (visit) => dialog(visit, /hold/i)],
];

const audited = { bypassCSP: true } as const;

it.beforeAll(({ tenant }) => tenant.send(SOME));

it('is without serious barriers on every page', { timeout: 300_000 }, async ({ open, stack, tenant }) => {
  const fleet = await startVendor(fakeFleetActivities, 'activities');
  const made = await stack.call<{ id: string }>('POST', '/v1/connections', {
    key: tenant.key,
    body: fleet.connection('our-fleet'),
  });
  await fleet.close();
  const visit = await open('#/help', audited);
  await visit.page.evaluate(axe.source);
  const found: string[] = [];
  for (const [place, ready] of PAGES) {
    await visit.go(`#/${place}`);
    await ready(visit);
    found.push(...(await barriers(visit.page, place)));
  }
  await visit.go(`#/sources/${made.body.id}`);
  await heading(visit, 'History');
  found.push(...(await barriers(visit.page, 'connection')));
  await press(visit, 'Collect a range');
  found.push(...(await barriers(visit.page, 'backfill')));
  await visit.page.keyboard.press('Escape');
  await visit.go('#/events?type=update_security_configuration');
  await visit.page.getByRole('article').click();
  await visit.page.getByRole('region', { name: 'Proof' }).getByText('Not sealed yet').waitFor();
  await visit.page.getByRole('heading', { name: 'Raw event' }).click();
  found.push(...(await barriers(visit.page, 'drawer')));
  await visit.page.getByRole('link', { name: 'Open as page' }).click();
  await visit.page.getByRole('heading', { level: 1, name: /^Jane Roe changed/ }).waitFor();
  found.push(...(await barriers(visit.page, 'event')));
  expect(found).toEqual([]);
});

it('is without serious barriers in dialogs, signed out, and on a phone', { timeout: 300_000 }, async ({ open }) => {
  const visit = await open('#/help', audited);
  await visit.page.evaluate(axe.source);
  const found: string[] = [];
  for (const [index, [place, show]] of DIALOGS.entries()) {
    await visit.go(`#/${place}`);
    await show(visit);
    found.push(...(await barriers(visit.page, `${place} ${index}`)));
    await visit.page.keyboard.press('Escape');
  }
  await visit.page.setViewportSize({ width: 390, height: 800 });
  for (const place of ['events', 'coverage']) {
    await visit.go(`#/${place}`);
    await visit.page.getByRole('heading', { level: 1 }).waitFor();
    found.push(...(await barriers(visit.page, `${place} on a phone`)));
  }
  const outside = await open('#/events', { key: null, ...audited });
  await outside.page.getByLabel('API key').fill('x');
  await outside.page.keyboard.press('Enter');
  await outside.page.evaluate(axe.source);
  found.push(...(await barriers(outside.page, 'sign-in')));
  expect(found).toEqual([]);
});
