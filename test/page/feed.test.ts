import { describe, expect } from 'vitest';
import { happened, SOME } from './events.ts';
import { it, newTenant, soon } from './page-test.ts';
import type { Visit } from './visit.ts';

const sentences = ({ page }: Visit) => page.getByRole('article').locator('.event-sentence').allInnerTexts();
const filterBy = (visit: Visit, name: string) => visit.page.getByRole('button', { name: `Filter by ${name}` });

describe('the feed', () => {
  it.beforeAll(({ tenant }) => tenant.send(SOME));

  it('tells events as sentences, the newest first, with what matters at a glance', async ({ open }) => {
    const visit = await open('#/events');
    await soon(() => sentences(visit)).toEqual([
      'Jane Roe added octo-bot to group Admins',
      'Jane Roe downloaded file Q3 forecast.xlsx',
      'Jane Roe signed in',
      'Sam Petrov tried to sign in and failed: wrong password',
      'Jane Roe changed setting mfa.required from true to false',
      'Sam Petrov downloaded file Q3 forecast.xlsx',
    ]);
    const failed = visit.page.getByRole('article').nth(3);
    expect(await failed.locator('.event-meta').innerText()).toMatch(
      /vpn.*Account login.*Failed.*from 198\.51\.100\.4/s,
    );
    expect(await failed.locator('.event-open').innerText()).toMatch(/3\d minutes ago/);
    await visit.page.getByText('That is all: 6 events.').waitFor();
  });

  it('keeps its filters in the address, both ways, back, forward and through a reload', async ({ open }) => {
    const visit = await open('#/events');
    const { page } = visit;
    await soon(() => sentences(visit)).toHaveLength(6);
    await filterBy(visit, 'outcome').click();
    await page.getByRole('checkbox', { name: 'Failure' }).check();
    await page.keyboard.press('Escape');
    await soon(() => sentences(visit)).toEqual([expect.stringContaining('and failed')]);
    expect([...visit.params()]).toEqual([['outcome', 'failure']]);

    await page.getByRole('button', { name: 'Clear outcome' }).click();
    await filterBy(visit, 'actor').click();
    await page.getByRole('textbox', { name: 'Actor' }).fill('sam@example.com');
    await page.getByRole('button', { name: 'Apply' }).click();
    await soon(() => sentences(visit)).toHaveLength(2);
    expect([...visit.params()]).toEqual([['actor', 'sam@example.com']]);

    await page.goBack();
    await soon(() => sentences(visit)).toHaveLength(6);
    await page.goBack();
    await soon(() => sentences(visit)).toHaveLength(1);
    await page.goForward();
    await page.goForward();
    await soon(() => sentences(visit)).toHaveLength(2);
    await page.reload();
    await soon(() => sentences(visit)).toHaveLength(2);
    await page.getByRole('button', { name: 'Actor: sam@example.com' }).waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await soon(() => sentences(visit)).toHaveLength(6);
    expect([...visit.params()]).toEqual([]);
  });

  it('shows what an address asks for', async ({ open }) => {
    const visit = await open('#/help');
    for (const [asked, count] of [
      ['source=custom.vpn', 2],
      ['type=account_login&type=add_to_group', 3],
      ['category=activity_audit', 2],
      ['target=octo-bot', 1],
      ['ip=198.51.100.4', 1],
      ['attribute=mfa.required', 1],
      ['session=s-1&source=custom.crm', 2],
      ['last=1h&order=oldest', 4],
      ['entity=user:jane@example.com&q=forecast', 1],
    ] as const) {
      await visit.go(`#/events?${asked}`);
      await soon(async () => [asked, (await sentences(visit)).length]).toEqual([asked, count]);
      await visit.page.getByText(/^That is all: /).waitFor();
    }
    await visit.go('#/events?q=no+such+text');
    await visit.page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await visit.page.getByRole('button', { name: 'Clear the filters' }).click();
    await soon(() => sentences(visit)).toHaveLength(6);
  });

  it('searches text on Enter, and takes other filters from "More"', async ({ open }) => {
    const visit = await open('#/events');
    const { page } = visit;
    await soon(() => sentences(visit)).toHaveLength(6);
    await page.keyboard.press('/');
    await page.keyboard.type('password');
    await page.keyboard.press('Enter');
    await soon(() => sentences(visit)).toHaveLength(1);
    expect(visit.params().get('q')).toBe('password');
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByRole('button', { name: 'IP address' }).click();
    await page.getByRole('button', { name: '198.51.100.4' }).click();
    await soon(() => sentences(visit)).toHaveLength(1);
    expect([...visit.params()]).toEqual([['ip', '198.51.100.4']]);
  });

  it('selects a time by the histogram', async ({ open }) => {
    const visit = await open('#/events?last=7d');
    const { page } = visit;
    await page.getByText(/^(about )?6 events$/).waitFor();
    const chart = page.getByRole('slider', { name: /^6 events by day/ });
    const { x, y, width, height } = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    // The right half: the last days, without the event of two days ago when it is left of the middle.
    await page.mouse.move(x + width * 0.35, y + height / 3);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.995, y + height / 3, { steps: 4 });
    await page.mouse.up();
    await soon(() => visit.params().get('from')).not.toBeNull();
    const { from, to } = Object.fromEntries(visit.params()) as Record<string, string>;
    expect(Date.parse(from ?? '')).toBeGreaterThan(Date.now() - 6.5 * 86_400_000);
    expect(Date.parse(to ?? '')).toBeGreaterThan(Date.now());
    await page.getByRole('button', { name: 'Back to last 7 days' }).click();
    await soon(() => [...visit.params()]).toEqual([['last', '7d']]);
  });

  it('selects the time of a bar by keyboard', async ({ open }) => {
    const visit = await open('#/events?last=7d');
    const { page } = visit;
    const chart = page.getByRole('slider', { name: /^6 events by day/ });
    await chart.focus();
    await page.keyboard.press('Home');
    const told = () => chart.getAttribute('aria-valuetext');
    const [first = ''] = (await told())?.split(': ') ?? [];
    await page.keyboard.press('ArrowRight');
    await soon(told).not.toContain(first);
    await page.keyboard.press('ArrowLeft');
    await soon(told).toContain(first);
    await page.keyboard.press('End');
    await soon(told).toMatch(/: [1-6] events?$/);
    const [last = ''] = (await told())?.split(': ') ?? [];
    await page.getByText(last, { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await soon(() => visit.params().get('from')?.slice(0, 10)).toBe(new Date(`${last} UTC`).toISOString().slice(0, 10));
    expect(visit.params().get('event')).toBeNull();
  });

  it('shows chosen columns as a table', async ({ open }) => {
    const visit = await open('#/events');
    const { page } = visit;
    await page.getByRole('button', { name: 'View' }).click();
    await page.getByText('Table', { exact: true }).click();
    await page.getByRole('checkbox', { name: 'Session' }).check();
    await page.getByRole('checkbox', { name: 'IP address' }).uncheck();
    await page.keyboard.press('Escape');
    expect(visit.params().getAll('columns')).toEqual([
      'time',
      'outcome',
      'source',
      'type',
      'actor',
      'targets',
      'session',
    ]);
    const first = page.getByRole('article').first();
    await soon(() => first.innerText()).toMatch(/crm.*Add to group.*Jane Roe.*octo-bot.*s-1/s);
    expect(await first.innerText()).not.toContain('203.0.113.7');
    await page.reload();
    await soon(() => first.innerText()).toContain('s-1');
  });

  it('is sent to a colleague as an address, who sees the same after signing in', async ({ open, stack, tenant }) => {
    const mine = await open('#/events?source=custom.crm&columns=actor&columns=action&order=oldest');
    await soon(() => mine.page.getByRole('article').count()).toBe(4);
    const fragment = new URL(mine.page.url()).hash;
    const theirs = await open(fragment, { key: null });
    await theirs.page.getByLabel('API key').fill(await stack.newKey({ tenant: tenant.name, scopes: ['read'] }));
    await theirs.page.keyboard.press('Enter');
    const rows = ({ page }: Visit) => page.getByRole('article').allInnerTexts();
    await soon(() => rows(theirs)).toEqual(await rows(mine));
    expect(theirs.page.url()).toBe(mine.page.url());
  });

  it('goes by the keyboard', async ({ open }) => {
    const visit = await open('#/events');
    const { page } = visit;
    await soon(() => sentences(visit)).toHaveLength(6);
    const focused = () => page.evaluate('document.activeElement.closest("article")?.getAttribute("aria-posinset")');
    await page.keyboard.press('j');
    await soon(focused).toBe('1');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await soon(focused).toBe('3');
    await page.keyboard.press('k');
    await soon(focused).toBe('2');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Event' });
    await drawer.getByRole('heading', { name: 'Jane Roe downloaded file Q3 forecast.xlsx' }).waitFor();
    await page.keyboard.press('j');
    await drawer.getByRole('heading', { name: 'Jane Roe signed in' }).waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await soon(focused).toBe('3');
    await page.keyboard.press('/');
    await page.keyboard.type('jk');
    expect(await page.getByRole('searchbox', { name: 'Search the text of events' }).inputValue()).toBe('jk');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Next event').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'detached' });
  });
});

describe('what arrives while one looks', () => {
  it('is shown by itself at the top, and offered elsewhere', async ({ open, stack }) => {
    const other = await newTenant(stack);
    await other.send(Array.from({ length: 40 }, (_, index) => happened(index + 10, { action: `act.${index}` })));
    const visit = await open('#/events', { key: other.key, clock: true });
    const { page } = visit;
    await page.getByText(/^(about )?40 events$/).waitFor();
    const first = page.getByRole('article').first();
    await other.send([happened(0, { actor: { type: 'user', name: 'Ingrid Dahl' } })]);
    await page.clock.fastForward(6_000);
    await soon(() => first.innerText()).toContain('Ingrid Dahl');
    await soon(() => page.getByRole('status').filter({ hasText: '1 new event' }).count()).toBe(1);

    await page.getByRole('article').last().scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 4_000);
    await page.getByText('That is all: 41 events.').waitFor();
    await other.send([happened(0, { actor: { type: 'user', name: 'Otto Lund' } })]);
    await page.clock.fastForward(6_000);
    const pill = page.getByRole('button', { name: '1 new event' });
    await pill.waitFor();
    expect(await page.getByText('Otto Lund').count()).toBe(0);
    await pill.click();
    await soon(() => first.innerText()).toContain('Otto Lund');
    await pill.waitFor({ state: 'detached' });
  });
});
