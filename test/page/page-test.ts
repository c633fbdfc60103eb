import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { test as base, expect } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { launchChromium } from './chromium.ts';
import { findChromium, NO_CHROMIUM } from './find-chromium.ts';
import { type Visit, type VisitOptions, visit } from './visit.ts';

/** Whose events a test file looks at: nobody else's. */
export interface Tenant {
  readonly name: string;
  /** With every scope. */
  readonly key: string;
  /** Sends events, in batches that the API takes. */
  send(events: readonly Record<string, unknown>[]): Promise<void>;
}

/** A tenant that nobody else has. */
export async function newTenant(stack: TestStack): Promise<Tenant> {
  const name = `t${randomUUID().slice(0, 8)}`;
  const key = await stack.newKey({ tenant: name, name: 'Ada’s key' });
  return {
    name,
    key,
    async send(events) {
      for (let start = 0; start < events.length; start += 100) {
        const reply = await stack.call('POST', '/v1/events', { key, body: events.slice(start, start + 100) });
        expect(reply.status, reply.text).toBe(202);
      }
    },
  };
}

/** Opens a browser at a place of the page; signed in as the file's tenant unless `key` says otherwise. */
export type Open = (fragment: string, options?: Partial<VisitOptions>) => Promise<Visit>;

/** Tests with one deployment and one browser for all, a tenant for each file, and contexts for each test. */
export const it = base.extend<{
  $worker: { stack: TestStack; browser: Browser };
  $file: { tenant: Tenant };
  $test: { open: Open };
}>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from it what is needed
    async ({}, use) => {
      const stack = await startTestStack();
      await use(stack);
      await stack.close();
    },
    { scope: 'worker' },
  ],
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from it what is needed
    async ({}, use) => {
      const executable = findChromium();
      if (executable === undefined) throw new Error(NO_CHROMIUM);
      const browser = await launchChromium(executable);
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  tenant: [async ({ stack }, use) => use(await newTenant(stack)), { scope: 'file' }],
  open: [
    async ({ stack, browser, tenant }, use) => {
      const visits: Visit[] = [];
      await use(async (fragment, options = {}) => {
        const one = await visit(browser, stack.url, { key: tenant.key, ...options });
        visits.push(one);
        await one.go(fragment);
        return one;
      });
      for (const one of visits) {
        await one.close();
        expect(one.wrong).toEqual([]);
      }
    },
    { scope: 'test' },
  ],
});

/** `expect.poll`, for as long as a busy machine may take. */
export function soon<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { timeout: 20_000, interval: 50 });
}
