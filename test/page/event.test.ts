import { expect } from 'vitest';
import { SOME } from './events.ts';
import { it, soon } from './page-test.ts';

it.beforeAll(({ tenant }) => tenant.send(SOME));

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

it('opens beside the feed, and as a page, with its fields, changes and raw', async ({ open, tenant }) => {
  const visit = await open('#/events?type=update_security_configuration', CLIPBOARD);
  const { page } = visit;
  await page.getByRole('article').click();
  const drawer = page.getByRole('dialog', { name: 'Event' });
  const heading = 'Jane Roe changed setting mfa.required from true to false';
  await drawer.getByRole('heading', { name: heading, level: 2 }).waitFor();
  expect(visit.params().get('event')).toMatch(/^[0-9A-Z]{26}$/);

  await drawer.getByRole('heading', { name: 'Raw event' }).waitFor();
  await drawer.getByRole('button', { name: 'curl' }).click();
  await page.getByText('Copied.').first().waitFor();
  const copied = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>;
  const id = visit.params().get('event');
  expect(await copied()).toBe(
    `curl -sS '${new URL(page.url()).origin}/v1/events/${id}' -H "authorization: Bearer $ANNALS_KEY"`,
  );
  await drawer.getByRole('button', { name: 'JSON' }).click();
  await soon(async () => JSON.parse(await copied())).toMatchObject({ id, tenant: tenant.name, raw: { plain: 'x' } });
  await drawer.getByRole('button', { name: 'SQL' }).click();
  await soon(copied).toMatch(new RegExp(`^select \\* from events where event_date = '.*' and id = '${id}'$`));

  await drawer.getByRole('link', { name: 'Open as page' }).click();
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  expect(await page.title()).toBe(`${heading} · Annals`);
  const changes = page.getByRole('region', { name: 'Changes' });
  await soon(() => changes.innerText()).toMatch(/mfa\.required\s+Old:\s+true\s*→\s*New:\s+false/);
  expect(await page.getByRole('region', { name: 'Actor' }).innerText()).toContain('jane@example.com');
  expect(await page.getByRole('region', { name: 'From where' }).innerText()).toContain('203.0.113.7');
  await page
    .getByRole('region', { name: 'Proof' })
    .getByText(/Not sealed yet.*It will be in/)
    .waitFor();

  expect(await page.getByText('needle').count()).toBe(0);
  await page.getByRole('heading', { name: 'Raw event' }).click();
  await page.getByRole('button', { name: 'deep' }).click();
  await page.getByText('needle').waitFor();
  await page.getByRole('searchbox', { name: 'Find in the raw event' }).fill('hay');
  await page.getByText('1 found').waitFor();
  await page.getByText('deep.needle').waitFor();
});

it('tells what else its session, actor and target did around that time', async ({ open }) => {
  const visit = await open('#/events?type=add_to_group');
  const { page } = visit;
  await page.getByRole('article').click();
  const around = page.getByRole('dialog', { name: 'Event' }).getByRole('region', { name: 'Around that time' });
  await soon(() => around.getByRole('listitem').allInnerTexts()).toEqual([
    expect.stringContaining('This event'),
    expect.stringContaining('downloaded file'),
    expect.stringContaining('signed in'),
  ]);
  await around.getByRole('tab', { name: 'octo-bot' }).click();
  await around.getByText('Nothing else, an hour before and after.').waitFor();
  await around.getByRole('tab', { name: 'octo-bot' }).press('ArrowLeft');
  await around.getByRole('link', { name: /signed in/ }).click();
  await page.getByRole('dialog', { name: 'Event' }).getByRole('heading', { name: 'Jane Roe signed in' }).waitFor();
});

it('shows the proof of a sealed event, and says what is not hot', async ({ open }) => {
  const visit = await open('#/events?type=add_to_group');
  const { page } = visit;
  await page.route('**/proof', (route) =>
    route.fulfill({
      json: {
        sealed: true,
        dueAt: null,
        file: {
          key: 'event_date=2026-11-20/main/2026-11-20-1.parquet',
          version: 'v1',
          rows: 1_234,
          size: 56_789,
          sha256: 'ab'.repeat(32),
        },
        digest: { day: '2026-11-20', key: 'digests/2026-11-20.json', signedBy: 'sha256:cd', sha256: 'ef'.repeat(32) },
        verdict: { status: 'verified', at: new Date(Date.now() - 3_700_000).toISOString() },
      },
    }),
  );
  await page.getByRole('article').click();
  const proof = page.getByRole('region', { name: 'Proof' });
  await proof.getByText('event_date=2026-11-20/main/2026-11-20-1.parquet').waitFor();
  await proof.getByText('1 hour ago: verified: nothing was altered').waitFor();
  await visit.go('#/events/01ARZ3NDEKTSV4RRFFQ69G5FAV');
  await page.getByRole('heading', { name: 'Not in the hot store' }).waitFor();
});

it('follows a name to all that somebody did, and what was done to them', async ({ open }) => {
  const visit = await open('#/events?type=add_to_group');
  const { page } = visit;
  const rows = () => page.getByRole('article').locator('.event-sentence').allInnerTexts();
  await page.getByRole('article').getByRole('link', { name: 'octo-bot', exact: true }).click();
  await page.getByRole('heading', { name: 'octo-bot', level: 1 }).waitFor();
  await soon(rows).toEqual(['Jane Roe added octo-bot to group Admins']);
  await page.getByText('Actor', { exact: true }).click();
  await page.getByRole('heading', { name: 'No activity in this time' }).waitFor();
  expect(visit.params().get('as')).toBe('actor');

  await visit.go('#/entity/user:sam@example.com');
  await page.getByRole('heading', { name: 'Sam Petrov', level: 1 }).waitFor();
  await soon(rows).toHaveLength(2);
  await page.getByRole('region', { name: 'The most frequent' }).getByRole('link', { name: 'Account login' }).click();
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
  expect([...visit.params()].sort()).toEqual([
    ['entity', 'user:sam@example.com'],
    ['type', 'account_login'],
  ]);
  await soon(rows).toHaveLength(1);
  await page.goBack();
  await page.getByRole('article').first().click();
  await page
    .getByRole('dialog', { name: 'Event' })
    .getByRole('heading', { name: /^Sam Petrov/ })
    .waitFor();
});
