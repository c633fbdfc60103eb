/**
 * Takes pictures with the demo's events: `npm run screenshots` those of the README, `npm run screenshots -- FOLDER [NAME...]`
 * all, or those named.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { loadDemo } from '../../infra/local/demo.ts';
import type { LocalAccess } from '../../infra/local/stack/files.ts';
import { startStack } from '../../infra/local/stack.ts';
import { ensureAccess } from '../../infra/local/start/access.ts';
import { startVendors } from '../../infra/local/start/vendors.ts';
import { synthesize } from '../../infra/synth.ts';
import { launchChromium } from './chromium.ts';
import { findChromium, NO_CHROMIUM } from './find-chromium.ts';
import { type Visit, visit } from './visit.ts';

type Theme = 'light' | 'dark';

interface Picture {
  readonly name: string;
  readonly place: string;
  /** What is done first. */
  readonly act?: (visit: Visit) => Promise<unknown>;
  readonly phone?: boolean;
}

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
/** Something is worth seeing there. */
const STORY = 'events?q=external&last=90d';

const press = (name: string) => (one: Visit) => one.page.getByRole('button', { name }).first().click();
const openFirst = async ({ page }: Visit) => {
  await page.locator('.event-open').first().click();
  await page.getByRole('dialog', { name: 'Event' }).getByText('Not sealed yet').waitFor();
};

const PICTURES: readonly Picture[] = [
  { name: 'feed', place: 'events' },
  { name: 'feed-drawer', place: 'events', act: openFirst },
  {
    name: 'feed-table',
    place: 'events?columns=time&columns=actor&columns=type&columns=targets&columns=outcome&columns=ip',
  },
  { name: 'feed-filtered', place: 'events?outcome=failure&category=authentication' },
  {
    name: 'feed-incomplete',
    place: 'events?from=2020-01-01T00:00:00.000Z',
    act: ({ page }) => page.getByText('Show the SQL').click(),
  },
  { name: 'feed-nothing', place: 'events?q=no+such+thing' },
  { name: 'feed-export', place: 'events', act: press('Export') },
  { name: 'feed-filter', place: 'events', act: press('Filter by type') },
  { name: 'feed-time', place: 'events', act: press('Last 30 days') },
  {
    name: 'event',
    place: STORY,
    act: async (one) => {
      await openFirst(one);
      await one.page.getByRole('link', { name: 'Open as page' }).click();
      await one.page.getByRole('heading', { level: 1 }).waitFor();
    },
  },
  {
    name: 'entity',
    place: 'events',
    act: async ({ page }) => {
      await page.getByRole('article').locator('.entity-link').first().click();
      await page.getByText('First seen in this time').waitFor();
    },
  },
  { name: 'coverage', place: 'coverage' },
  { name: 'sources', place: 'sources' },
  {
    name: 'source',
    place: 'sources',
    act: async ({ page }) => {
      await page.getByRole('link', { name: 'demo-github-audit' }).click();
      await page.getByRole('heading', { name: 'History' }).waitFor();
    },
  },
  { name: 'searches', place: 'searches' },
  { name: 'admin', place: 'admin' },
  { name: 'admin-new-key', place: 'admin/keys?new=1' },
  { name: 'admin-connections', place: 'admin/connections' },
  { name: 'admin-connect', place: 'admin/connections?new=github.audit' },
  { name: 'admin-holds', place: 'admin/holds' },
  { name: 'help', place: 'help' },
  { name: 'account', place: 'events', act: press('Account') },
  { name: 'phone-feed', place: 'events', phone: true },
  { name: 'phone-event', place: 'events', phone: true, act: openFirst },
  { name: 'phone-coverage', place: 'coverage', phone: true },
  { name: 'phone-sources', place: 'sources', phone: true },
  { name: 'phone-admin', place: 'admin', phone: true },
];

/** Those of the README. */
const README: readonly (readonly [string, Theme])[] = [
  ['feed', 'light'],
  ['coverage', 'dark'],
];

async function take(browser: Browser, access: LocalAccess, folder: string, picture: Picture, theme: Theme) {
  const { name, place, act, phone = false } = picture;
  const one = await visit(browser, access.url, {
    key: access.key,
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(phone && PHONE),
  });
  const { page } = one;
  await one.go(`#/${place}`);
  await page.waitForLoadState('networkidle');
  const settled = () => page.locator('.skeleton, [aria-busy=true]').first().waitFor({ state: 'detached' });
  await settled();
  await act?.(one);
  await settled();
  await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  await one.close();
  if (one.wrong.length > 0) throw new Error(`${name}, ${theme}: ${one.wrong.join('; ')}`);
}

/** What an administrator has done by the time that one looks. */
async function furnish({ url, key }: LocalAccess): Promise<void> {
  for (const [path, body] of [
    ['keys', { name: 'Ingrid Dahl, audit', scopes: ['read'] }],
    ['keys', { name: 'billing service', scopes: ['ingest'], sources: ['custom.demo-tallybook'] }],
    ['searches', { name: 'Failed sign-ins', query: { outcome: 'failure', category: 'authentication' }, shared: true }],
    [
      'searches',
      {
        name: 'What contractors downloaded',
        query: { type: 'download_resource' },
        columns: ['time', 'actor', 'targets'],
        shared: false,
      },
    ],
    ['holds', { reason: 'Case 2026-14', from: '2026-01-01T00:00:00Z', to: '2026-04-01T00:00:00Z' }],
  ] as const) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
}

process.env['TZ'] = 'UTC';
const executable = findChromium();
if (executable === undefined) throw new Error(NO_CHROMIUM);
const [wanted, ...names] = process.argv.slice(2);
const folder = wanted ?? join(import.meta.dirname, '../../docs/images');
mkdirSync(folder, { recursive: true });
const isTaken = (name: string, theme: Theme) =>
  wanted === undefined
    ? README.some(([one, of]) => one === name && of === theme)
    : names.length === 0 || names.includes(name);

const dir = mkdtempSync(join(tmpdir(), 'annals-screenshots-'));
await using ends = new AsyncDisposableStack();
ends.defer(() => rmSync(dir, { recursive: true, force: true }));
const templateFile = synthesize({ outdir: join(dir, 'cdk.out') });
const stack = await startStack({ dir, port: 0, templateFile, schedules: false });
ends.defer(() => stack.close());
const access = await ensureAccess(stack, dir);
await loadDemo({ access, dir, wanted: true });
await furnish(access);
const vendors = await startVendors(access, dir);
ends.defer(() => vendors.close());
await stack.runSchedule('PollingDispatch');
const browser = await launchChromium(executable);
ends.defer(() => browser.close());
for (const picture of PICTURES) {
  for (const theme of ['light', 'dark'] as const) {
    if (isTaken(picture.name, theme)) await take(browser, access, folder, picture, theme);
  }
}
process.stdout.write(`The pictures lie in ${folder}.\n`);
