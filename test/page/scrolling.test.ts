import { expect } from 'vitest';
import { it, soon } from './page-test.ts';

const PAGES = 50;
const A_PAGE = 100;

/** Page `number` of a long log, the newest first. */
function eventsOf(number: number, limit: number): Record<string, unknown>[] {
  return Array.from({ length: limit }, (_, index) => {
    const n = number * A_PAGE + index;
    const time = new Date(Date.now() - n * 600_000).toISOString();
    return {
      id: `01${String(99_999_999 - n).padStart(24, '0')}`,
      time,
      receivedAt: time,
      tenant: 't',
      source: 'custom.crm',
      product: 'crm',
      category: 'activity_audit',
      type: 'download_resource',
      action: 'file.download',
      outcome: n % 7 === 0 ? 'failure' : 'success',
      actor: { type: 'user', name: `Person ${n}`, email: `p${n % 50}@example.com` },
      targets: [{ type: 'file', id: `f-${n}`, name: `Report ${n} with a name of some length.pdf` }],
      ip: '203.0.113.7',
      changes: [],
      tier: '365d',
      flags: [],
    };
  });
}

it(`scrolls through ${PAGES} pages with few nodes in the document`, async ({ open }) => {
  const visit = await open('#/help');
  const { page } = visit;
  await page.route('**/v1/events?*', (route) => {
    const params = new URL(route.request().url()).searchParams;
    const number = Number(params.get('cursor') ?? 0);
    const events = eventsOf(number, number === 0 ? Number(params.get('limit')) : A_PAGE);
    return route.fulfill({ json: { events, next: number + 1 < PAGES ? String(number + 1) : null } });
  });
  await page.evaluate(`
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask', buffered: false })`);
  await visit.go('#/events?last=365d');
  await page.getByRole('article').first().waitFor();
  // As far as the list goes at each frame, until its end is in sight; the most nodes that there were.
  const most = await page.evaluate(`new Promise((resolve) => {
    const main = document.querySelector('main');
    let most = 0;
    const step = () => {
      most = Math.max(most, document.querySelectorAll('*').length);
      if (document.querySelector('.feed-end')?.textContent.startsWith('That is all') &&
          main.scrollTop + main.clientHeight > main.scrollHeight - 50) return resolve(most);
      main.scrollTop += 2500;
      requestAnimationFrame(step);
    };
    step();
  })`);
  await page.getByText('That is all: 4,950 events.').waitFor();
  await page.getByText('Person 4999', { exact: true }).waitFor();
  expect(most).toBeLessThan(5_000);
  const longest = (await page.evaluate('longest')) as number;
  process.stdout.write(`${PAGES} pages: at most ${most} nodes; the longest task took ${Math.round(longest)} ms\n`);

  await page.keyboard.press('k');
  await page.evaluate("document.querySelector('main').scrollTop = 0");
  await soon(() => page.getByText('Person 0', { exact: true }).count()).toBe(1);
});
