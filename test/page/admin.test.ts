import { createHmac } from 'node:crypto';
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

it('rotates the key that one is signed in with, and goes on with the new one', async ({ open, stack, tenant }) => {
  const key = await stack.newKey({ tenant: tenant.name, name: 'Bo', scopes: ['read', 'admin'] });
  const { page } = await open('#/admin', { key });
  await page.getByRole('button', { name: 'Rotate Bo' }).click();
  await page.getByRole('dialog', { name: 'Rotate this key' }).getByRole('button', { name: 'Make the new key' }).click();
  const shown = page.getByRole('dialog', { name: 'The new key “Bo”' });
  const successor = await shown.locator('code').first().innerText();
  expect((await stack.call('GET', '/v1/me', { key })).status).toBe(200);
  await shown.getByText('I have put it where it belongs').click();
  await shown.getByRole('button', { name: 'Next: the old key' }).click();
  const last = page.getByRole('dialog', { name: 'Is the new key in place?' });
  await last.getByText('this tab goes on with the new one').waitFor();
  await last.getByRole('button', { name: 'Revoke the old key' }).click();
  await page.getByText('The old key is revoked.').waitFor();
  await soon(async () => (await stack.call('GET', '/v1/me', { key })).status).toBe(401);
  expect((await stack.call('GET', '/v1/me', { key: successor })).body).toMatchObject({
    key: { name: 'Bo', scopes: ['read', 'admin'] },
  });
  await page.reload();
  await page.getByRole('button', { name: 'Rotate Bo' }).waitFor();
});

it('replaces the secret of a webhook, and deletes its connection', async ({ open, stack, tenant }) => {
  const body = {
    source: 'github.webhook',
    name: 'org-hooks',
    secrets: { webhook: 'as-it-was-before-it-was-replaced-here' },
  };
  const made = await stack.call('POST', '/v1/connections', { key: tenant.key, body });
  expect(made.status, made.text).toBe(201);
  const { page } = await open('#/admin/connections');
  await page
    .getByRole('link', { name: /org-hooks/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Replace secrets' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replace secrets' });
  await dialog.getByRole('button', { name: 'Make one' }).click();
  await dialog.getByRole('button', { name: 'Replace', exact: true }).click();
  const shown = page.getByRole('dialog', { name: 'The new webhook secret' });
  await shown.getByText('I have put it where it belongs').waitFor();
  const [address = '', secret = ''] = await shown.locator('code').allInnerTexts();
  expect(secret.length).toBeGreaterThan(20);
  const payload = JSON.stringify({ action: 'created', sender: { login: 'octo', id: 1 }, repository: { id: 2 } });
  const signature = createHmac('sha256', secret).update(payload).digest('hex');
  const sent = await fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'repository',
      'x-github-delivery': crypto.randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body: payload,
  });
  expect(sent.status, await sent.text()).toBe(202);
  await shown.getByText('I have put it where it belongs').click();
  await shown.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Delete the connection' }).click();
  const confirm = page.getByRole('dialog', { name: 'Delete this connection' });
  await confirm.getByLabel('Type org-hooks to confirm').fill('org-hooks');
  await confirm.getByRole('button', { name: 'Delete it' }).click();
  await page.getByText('Deleted “org-hooks”.').waitFor();
  const { body: left } = await stack.call<{ connections: { name: string }[] }>('GET', '/v1/connections', {
    key: tenant.key,
  });
  expect(left.connections.map(({ name }) => name)).not.toContain('org-hooks');
});

it('puts days on hold, and releases them', async ({ open, stack, tenant }) => {
  const { page } = await open('#/admin/holds');
  await page.getByRole('heading', { name: 'Nothing is on hold' }).waitFor();
  await page.getByRole('button', { name: 'New hold' }).click();
  const dialog = page.getByRole('dialog', { name: 'New legal hold' });
  await dialog.getByLabel('First day').fill('2026-03-05');
  await dialog.getByLabel('Last day').fill('2026-03-04');
  await dialog.getByLabel('Why').fill('Case 2026-114');
  await dialog.getByText('Must not be before the first day.').waitFor();
  await dialog.getByLabel('Last day').fill('2026-03-06');
  await dialog.getByRole('button', { name: 'Hold them' }).click();
  await page.getByRole('cell', { name: 'Held', exact: true }).waitFor();
  type Holds = { holds: { from: string; to: string; reason: string; released?: object }[] };
  const held = async () => (await stack.call<Holds>('GET', '/v1/holds', { key: tenant.key })).body.holds;
  // `to` is left out of a hold.
  expect(await held()).toMatchObject([
    { from: '2026-03-05T00:00:00.000Z', to: '2026-03-07T00:00:00.000Z', reason: 'Case 2026-114' },
  ]);
  await page.getByRole('button', { name: /^Release the hold of/ }).click();
  await page.getByRole('dialog', { name: 'Release this hold' }).getByRole('button', { name: 'Release it' }).click();
  await page.getByRole('cell', { name: 'Released', exact: true }).waitFor();
  expect((await held())[0]?.released).toBeDefined();
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
