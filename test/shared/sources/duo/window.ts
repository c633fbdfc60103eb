import type { JsonObject } from '../../../../shared/json.ts';
import type { Collector, Page, Vendor } from '../../../../shared/polling/poller.ts';

/** More pages than any window here has. */
const MOST_PAGES = 2_000;

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** Reads the pages of a window to its end, as the engine does; a cursor goes through JSON. */
export async function pagesIn(
  collector: Collector,
  vendor: Vendor,
  { from, to }: { from: Date; to: Date },
): Promise<Page[]> {
  const pages: Page[] = [];
  const stream = collector.streams[0]!.name;
  for (let cursor: string | undefined; pages.length < MOST_PAGES; ) {
    const request = { stream, from, to, done: new Set<string>(), ...(cursor && { cursor: JSON.parse(cursor) }) };
    const page = await collector.page(request, vendor);
    pages.push(page);
    if (page.next === undefined) return pages;
    cursor = JSON.stringify(page.next);
  }
  throw new Error('the window has no end');
}

export function eventsOf(pages: readonly Page[]): readonly JsonObject[] {
  return pages.flatMap(({ events }) => events);
}
