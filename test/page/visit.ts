import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

export interface VisitOptions extends BrowserContextOptions {
  /** Signed in with this key from the start; null is signed out. */
  readonly key: string | null;
  /** Other origins that may be asked: those of links that lead out of the page. */
  readonly others?: readonly string[];
  /** Whether the test may move the page's clock on. */
  readonly clock?: boolean;
}

/** A browser of one person, in which all that must never happen is written down. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Goes to a place of the page, and waits until it is there. */
  go(fragment: string): Promise<void>;
  /** The parameters of the fragment. */
  params(): URLSearchParams;
  /** What happened that must never: requests to another origin, breaches of the CSP, errors, dialogs of the browser's. */
  readonly wrong: readonly string[];
  close(): Promise<void>;
}

const WAIT_MS = 30_000;

/** A new browser context at the page of a deployment. */
export async function visit(browser: Browser, url: string, options: VisitOptions): Promise<Visit> {
  const { key, others = [], clock = false, ...more } = options;
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    viewport: { width: 1360, height: 860 },
    timezoneId: 'UTC',
    ...more,
  });
  context.setDefaultTimeout(WAIT_MS);
  const wrong: string[] = [];
  const own = new URL(url).origin;
  context.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol === 'data:' || asked.origin === own || others.includes(asked.origin)) return;
    wrong.push(`asked ${request.url()}`);
  });
  context.on('console', (message) => {
    // Answers that are not 2xx are logged by the browser itself; the page shows them.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isAnswer) wrong.push(`logged ${message.text()}`);
  });
  context.on('weberror', (error) => wrong.push(`threw ${error.error().stack ?? error.error().message}`));
  context.on('dialog', (dialog) => {
    wrong.push(`opened a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await context.exposeBinding('tellViolation', (_source, told: string) => wrong.push(`violated ${told}`));
  await context.addInitScript(`
    addEventListener('securitypolicyviolation', (event) =>
      tellViolation(event.effectiveDirective + ' with ' + event.blockedURI + ' ' + event.sample));
    if (location.protocol.startsWith('http') && sessionStorage.getItem('test.begun') === null) {
      sessionStorage.setItem('test.begun', '1');
      ${key === null ? '' : `sessionStorage.setItem('annals.key', ${JSON.stringify(key)});`}
    }`);
  if (clock) await context.clock.install();
  const page = await context.newPage();
  return {
    context,
    page,
    async go(fragment) {
      await page.goto(`${url}/${fragment}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    },
    params: () => new URLSearchParams(page.url().split('?')[1] ?? ''),
    wrong,
    close: () => context.close(),
  };
}
