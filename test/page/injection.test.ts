import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { it, soon } from './page-test.ts';

const HTML = '<img src=//evil.example/x onerror=alert(1)>';
const SCRIPT = '"\'></title></script><script src="//evil.example/x.js"></script><svg onload=alert(1)>';
const URL_ = 'javascript:alert(document.domain)';
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is to stay one
const TEMPLATE = '{{constructor.constructor("alert(1)")()}} ${alert(1)} #{1+1} <%= 7*7 %>';
const BIDI = 'invoice\u202Egnp.exe\u2066\u200F\u202D\u061C';
const CONTROLS = 'a\u0000b\u0007c\u001b[31md\r\ne\u2028f\u200bg\ufeff';
const EMOJI = '👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿é́́́́́́́́́́́́́́́́';
const LONG = 'W'.repeat(5_000);
const ENDLESS = '<b>'.repeat(3_334);
const PROTO = '__proto__';

/** Every string that a producer may choose; what has to be an address is made one on the way to the page. */
function attack(n: number, text: string): Record<string, unknown> {
  return {
    time: new Date(Date.now() - n * 60_000).toISOString(),
    source: 'custom.evil',
    product: text.slice(0, 64),
    action: text,
    type: ([null, 'account_login', 'update_resource', 'add_to_group', 'create_security_configuration'] as const)[n % 5],
    outcome: n % 2 === 0 ? 'failure' : 'success',
    actor: { type: 'user', id: `${text}1`, name: text, email: `${text}@x`, role: text },
    targets: [
      { type: text, id: `${text}2`, name: text },
      { type: 'user', id: text, name: text, email: text },
      { type: 'group', name: text },
    ],
    userAgent: text,
    session: text,
    location: { country: text, region: text, city: text, asn: text },
    device: { id: text, name: text, type: text, os: text },
    reason: text,
    credential: { id: text, name: text, type: text },
    identityProvider: text,
    mfa: { method: text, enrollment: text },
    changes: [
      { attribute: text, old: text, new: `${text}!` },
      { attribute: 'html', old: ENDLESS, new: text },
    ],
    raw: { [text]: text, list: [text, { [text]: [text] }], [ENDLESS]: ENDLESS, constructor: text, toString: text },
  };
}

const ATTACKS = [
  HTML,
  SCRIPT,
  URL_,
  TEMPLATE,
  BIDI,
  CONTROLS,
  EMOJI,
  LONG,
  PROTO,
  '../../../#/admin?x=',
  '\\',
  "' or 1=1; --",
];

/** Nothing of what was sent has become a part of the page, or pushed anything out of it. */
async function expectHarmless(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(`({
    made: [...document.querySelectorAll('img, iframe, object, embed, base, form[action], script:not([src^="/assets/"]), [onerror], [onload], [onclick], title ~ title')]
      .map((element) => element.outerHTML.slice(0, 200)),
    links: [...document.querySelectorAll('a[href]')].map(({ href }) => href)
      .filter((href) => !href.startsWith(location.origin + '/') && href !== 'https://annals.example/'),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    polluted: Object.keys(Object.prototype),
  })`);
  expect({ where, ...(found as object) }).toEqual({ where, made: [], links: [], overflow: 0, polluted: [] });
}

it('shows whatever it is sent as text, on every page', { timeout: 300_000 }, async ({ open, stack, tenant }) => {
  // As JSON text: an object literal can't have a key __proto__ of its own.
  const events = ATTACKS.map((text, n) => JSON.stringify(attack(n + 1, text)));
  const reply = await stack.call('POST', '/v1/events', { key: tenant.key, body: `[${events.join()}]` });
  expect(reply.status, reply.text).toBe(202);
  for (const [path, body] of [
    ['searches', { name: HTML, query: { q: SCRIPT, actor: URL_ }, columns: ['actor', 'action'], shared: true }],
    ['keys', { name: HTML, scopes: ['read'] }],
    ['holds', { reason: HTML, from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }],
  ] as const) {
    const made = await stack.call('POST', `/v1/${path}`, { key: tenant.key, body });
    expect(made.status, made.text).toBeLessThan(300);
  }

  const visit = await open('#/help');
  const { page } = visit;
  // A vendor's address may be anything.
  await page.route(/\/v1\/events/, async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({
      response: answer,
      body: text.replaceAll('"userAgent":', `"ip":${JSON.stringify(HTML)},"userAgent":`),
    });
  });
  await visit.go('#/events?source=custom.evil');
  await soon(() => page.getByRole('article').count()).toBe(ATTACKS.length);
  const feed = await page.getByRole('feed').innerText();
  expect(feed).toContain(HTML);
  expect(feed).toContain(TEMPLATE.slice(0, 40));
  await expectHarmless(page, 'feed');

  const ALL =
    'time outcome source type action actor targets ip changes reason session location device userAgent connection id';
  const columns = ALL.split(' ').map((name) => `columns=${name}`);
  await visit.go(`#/events?source=custom.evil&${columns.join('&')}`);
  await soon(() => page.getByRole('article').first().innerText()).toContain(`${HTML}2`.slice(0, -1));
  await expectHarmless(page, 'table');

  const ids = (await stack.page('source=custom.evil', tenant.key)).map(({ id }) => String(id));
  for (const [index, id] of ids.entries()) {
    await visit.go(`#/events/${id}`);
    const raw = page.getByRole('heading', { name: 'Raw event' });
    await raw.click();
    for (const name of ['list', 'Object', '{']) {
      const folds = page.locator('.json-fold[aria-expanded=false]').filter({ hasText: name });
      if ((await folds.count()) > 0) await folds.first().click();
    }
    await expectHarmless(page, `event ${index}`);
    await page.getByRole('searchbox', { name: 'Find in the raw event' }).fill('<');
    await page
      .getByRole('status')
      .filter({ hasText: /found|Not in the raw/ })
      .waitFor();
    const text = await page.locator('main').innerText();
    const sent = ATTACKS[index] ?? '';
    // Line ends and NULs are shown as browsers show them.
    if (sent !== CONTROLS) expect(text).toContain(sent.slice(0, 300));
    await expectHarmless(page, `raw ${index}`);
  }

  const entity = (text: string) => `#/entity/${encodeURIComponent(`user:${text}@x`)}`;
  for (const text of [HTML, SCRIPT, URL_, BIDI, PROTO]) {
    await visit.go(entity(text));
    await soon(() => page.getByRole('article').count()).toBe(1);
    await expectHarmless(page, `entity ${text}`);
  }
  for (const [place, seen] of [
    ['coverage', /came in the last 30 days/],
    ['sources', 'custom.evil'],
    ['searches', HTML],
    ['admin/keys', HTML],
    ['admin/holds', HTML],
    ['help', 'Who sees it'],
    [
      `events?q=${encodeURIComponent(SCRIPT)}&actor=${encodeURIComponent(HTML)}&order=${encodeURIComponent(HTML)}`,
      HTML,
    ],
    [`${encodeURIComponent(HTML)}/${encodeURIComponent(SCRIPT)}?%00=%E0%A4%A`, 'There is no such page'],
  ] as const) {
    await visit.go(`#/${place}`);
    await page.getByText(seen).first().waitFor();
    await expectHarmless(page, place);
  }

  await visit.go('#/events?source=custom.evil');
  await page.setViewportSize({ width: 390, height: 800 });
  await soon(() => page.getByRole('article').count()).toBeGreaterThan(3);
  await expectHarmless(page, 'phone');
});
