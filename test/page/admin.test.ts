import { expect } from 'vitest';
import { it, soon } from './page-test.ts';

it('makes a key that is shown once, and revokes it', async ({ open, stack }) => {
  const visit = await open('#/admin');
  const { page } = visit;
  await page.getByRole('button', { name: 'New API key' }).click();
  const form = page.getByRole('dialog', { name: 'New API key' });
  await form.getByLabel('Name').fill('Auditor');
  await form.getByRole('button', { name: 'Make the key' }).click();
  const shown = page.getByRole('dialog', { name: 'The key “Auditor”' });
  const key = await shown.locator('code').first().innerText();
  expect((await stack.call('GET', '/v1/me', { key })).body).toMatchObject({
    key: { name: 'Auditor', scopes: ['read'] },
  });
  // It is not lost by a slip of the finger.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  expect(await shown.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  await shown.getByText('I have put it where it belongs').click();
  await shown.getByRole('button', { name: 'Done' }).click();
  await shown.waitFor({ state: 'detached' });
  const everywhere =
    '[document.documentElement.outerHTML, JSON.stringify(sessionStorage), JSON.stringify(localStorage), location.href].join()';
  expect(await page.evaluate(everywhere)).not.toContain(key.split('_')[3] ?? '');

  await page.getByRole('button', { name: 'Revoke Auditor' }).click();
  const revoke = page.getByRole('dialog', { name: 'Revoke this key' });
  expect(await revoke.getByRole('button', { name: 'Revoke it for good' }).isDisabled()).toBe(true);
  await revoke.getByLabel('Type Auditor to confirm').fill('Auditor');
  await revoke.getByRole('button', { name: 'Revoke it for good' }).click();
  await page.getByText('Revoked “Auditor”.').waitFor();
  await page.getByText('Revoked and expired').waitFor();
  await soon(async () => (await stack.call('GET', '/v1/me', { key })).status).toBe(401);
});

it('makes a connection by a form, with the API’s own remarks at its fields', async ({ open, stack, tenant }) => {
  const visit = await open('#/admin/connections');
  const { page } = visit;
  await page.getByRole('heading', { name: 'Nothing is connected' }).waitFor();
  await visit.go('#/admin/connections?new=github.webhook');
  await page.getByRole('heading', { name: /^Connect / }).waitFor();
  await page.getByLabel('Name').fill('No Good Name');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await soon(() => page.locator('[aria-invalid=true]').count()).toBeGreaterThan(0);
  await page.getByLabel('Name').fill('our-hooks');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  const shown = page.getByRole('dialog', { name: '“our-hooks” takes webhooks' });
  await shown
    .getByText(/\/v1\/webhooks\//)
    .first()
    .waitFor();
  const { body } = await stack.call<{ connections: { name: string }[] }>('GET', '/v1/connections', { key: tenant.key });
  expect(body.connections.map(({ name }) => name)).toEqual(['our-hooks']);
});

it('is closed to keys that may not administer', async ({ open, stack, tenant }) => {
  const key = await stack.newKey({ tenant: tenant.name, scopes: ['read'] });
  const { page } = await open('#/admin', { key });
  await page
    .getByText(/scope admin/)
    .first()
    .waitFor();
  expect(await page.getByRole('link', { name: 'Admin' }).count()).toBe(0);
});
