import { expect } from 'vitest';
import { it, soon } from './page-test.ts';

const STORED = '[JSON.stringify(sessionStorage), JSON.stringify(localStorage), document.cookie]';

it('signs in with a key that stays in the tab, and out again', async ({ open, tenant }) => {
  const { page } = await open('#/events', { key: null });
  const field = page.getByLabel('API key');
  const button = page.getByRole('button', { name: 'Sign in' });
  await field.fill('hunter2');
  await button.click();
  await page.getByText('A key begins with annals_').waitFor();
  await field.fill(`${tenant.key.slice(0, -3)}xyz`);
  await button.click();
  await page.getByRole('alert').getByText('key').waitFor();
  await field.fill(tenant.key);
  await field.press('Enter');
  await page.getByRole('heading', { name: 'Activity' }).waitFor();
  const [inSession, inLocal, cookies] = (await page.evaluate(STORED)) as string[];
  expect(inSession).toContain(tenant.key);
  expect([inLocal, cookies, page.url()].join()).not.toContain(tenant.key);

  await page.reload();
  await page.getByRole('heading', { name: 'Activity' }).waitFor();
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await button.waitFor();
  await page.reload();
  await button.waitFor();
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('annals_');
});

it('goes on to where a link led once one is signed in', async ({ open, tenant }) => {
  const { page } = await open('#/coverage', { key: null });
  await page.getByLabel('API key').fill(tenant.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Coverage', level: 1 }).waitFor();
});

it('says so when a key has expired, before and while one looks', async ({ open, stack, tenant }) => {
  const expired = await stack.newKey({ tenant: tenant.name, expiresAt: new Date(Date.now() - 1_000).toISOString() });
  const before = await open('#/events', { key: expired });
  const why = /The API key is not valid\. It may have expired or been revoked/;
  await before.page.getByRole('alert').getByText(why).waitFor();
  await before.page.getByLabel('API key').waitFor();

  const key = await stack.newKey({ tenant: tenant.name });
  const { page } = await open('#/events', { key });
  await page.getByRole('article').first().waitFor();
  const id = key.split('_')[2];
  expect((await stack.call('DELETE', `/v1/keys/${id}`, { key: tenant.key })).status).toBe(204);
  await page.getByRole('button', { name: 'Load again' }).click();
  await page.getByRole('alert').getByText(why).waitFor();
  expect(await page.evaluate('sessionStorage.getItem("annals.key")')).toBeNull();
  // Where one was is not forgotten.
  await page.getByLabel('API key').fill(tenant.key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Activity' }).waitFor();
});

it('shows to a key only what its scopes reach', async ({ open, stack, tenant }) => {
  const reader = await stack.newKey({ tenant: tenant.name, scopes: ['read'] });
  const { page } = await open('#/events', { key: reader });
  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await soon(() => links.allInnerTexts()).toContain('Coverage');
  expect(await links.allInnerTexts()).not.toContain('Admin');
});

it('keeps theme and zone, and says where a page is not', async ({ open }) => {
  const { page } = await open('#/nowhere');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('group', { name: 'Theme' }).getByText('Dark').click();
  const theme = () => page.evaluate('document.documentElement.dataset.theme');
  await soon(theme).toBe('dark');
  await page.reload();
  await soon(theme).toBe('dark');
});
