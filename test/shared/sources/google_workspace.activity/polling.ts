import { fakeGoogleWorkspace } from '../../../../infra/local/vendors/google_workspace.activity.ts';
import { newServiceAccountKey } from '../../../../infra/local/vendors/google-token.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import type { Collector, Page, Vendor } from '../../../../shared/polling/poller.ts';
import { poller } from '../../../../shared/sources/google_workspace.activity/poller.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';

export const URL_OF_FAKE = 'https://google.example';
export const NOW = new Date('2031-05-07T12:00:00.000Z');
export const OTHER_KEY = newServiceAccountKey();

export function minutesAgo(minutes: number, now = NOW): Date {
  return new Date(now.getTime() - minutes * 60_000);
}

/** A connection to a fake Google Workspace with a world of its own. */
export function connected(settings: JsonObject = {}, options: Parameters<typeof directVendor>[3] = {}) {
  const world = new MemoryWorld(fakeGoogleWorkspace, { now: NOW, stream: 'login' });
  const collector = poller.connect({ ...fakeGoogleWorkspace.settings(URL_OF_FAKE), ...settings });
  return { world, collector, ...directVendor(fakeGoogleWorkspace, world, collector, options) };
}

/** All pages of a window, following each `next`. */
export async function pagesOf(
  collector: Collector,
  vendor: Vendor,
  { stream = 'login', from = minutesAgo(60), to = NOW }: { stream?: string; from?: Date; to?: Date } = {},
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: Json | undefined; pages.length === 0 || cursor !== undefined; ) {
    const page = await collector.page(
      { stream, from, to, done: new Set(), ...(cursor !== undefined && { cursor }) },
      vendor,
    );
    pages.push(page);
    cursor = page.next;
  }
  return pages;
}

/** The numbers of the pages' events, in their order. */
export function numbersOf(pages: readonly Page[]): number[] {
  return pages.flatMap(({ events }) => events).map(fakeGoogleWorkspace.numberOf);
}
