import type { FakeReply, FakeRequest, FakeVendor } from '../../../../infra/local/vendors/fake.ts';
import { fakeGithub } from '../../../../infra/local/vendors/github.audit.ts';
import type { Json } from '../../../../shared/json.ts';
import type { Collector, PageRequest, Vendor } from '../../../../shared/polling/poller.ts';
import { poller } from '../../../../shared/sources/github.audit/poller.ts';
import { type DirectVendor, directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';

export const NOW = new Date('2026-06-15T12:00:00Z');
export const HOUR = 3_600_000;
export const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);
export const WINDOW = { stream: 'web', from: ago(24 * HOUR), to: NOW, done: new Set<string>() };

export interface Polled extends DirectVendor {
  readonly collector: Collector;
  readonly world: MemoryWorld;
}

/** A connection to a fake GitHub in memory, which has one row an hour of each stream unless told otherwise. */
export function polled({
  fake = fakeGithub,
  settings = {},
  rows = 5,
  ...options
}: {
  fake?: FakeVendor;
  settings?: Readonly<Record<string, unknown>>;
  rows?: number;
  secrets?: () => Readonly<Record<string, string>>;
  behindMs?: number;
  instead?: (request: FakeRequest, number: number) => FakeReply | undefined;
} = {}): Polled {
  const world = new MemoryWorld(fake, { now: NOW, stream: 'web' });
  for (let n = 0; n < rows; n += 1) {
    world.add(2 * n, ago((n + 1) * HOUR));
    world.add(2 * n + 1, ago((n + 1) * HOUR), { stream: 'git' });
  }
  const collector = poller.connect({ ...fake.settings('https://api.github.com'), ...settings });
  return { ...directVendor(fake, world, collector, options), collector, world };
}

/** Numbers of all rows of a window, page by page. */
export async function pagesOf(
  { collector, client }: { collector: Collector; client: Vendor },
  request: Partial<PageRequest> = {},
): Promise<number[][]> {
  const pages: number[][] = [];
  for (let cursor: Json | undefined; ; ) {
    const page = await collector.page({ ...WINDOW, ...request, ...(cursor !== undefined && { cursor }) }, client);
    pages.push(page.events.map(fakeGithub.numberOf));
    if (page.next === undefined) return pages;
    // As it is stored between two runs.
    cursor = JSON.parse(JSON.stringify(page.next));
  }
}

/** The fake, with its replies changed. */
export function altered(fake: FakeVendor, change: (reply: FakeReply, request: FakeRequest) => FakeReply): FakeVendor {
  return { ...fake, handle: async (request, world) => change(await fake.handle(request, world), request) };
}
