import type { Json, JsonObject } from '../../shared/json.ts';
import type { Collector, Vendor } from '../../shared/polling/poller.ts';

/**
 * All pages of a window, one after the other, as the engine asks for them: cursors go through JSON.
 *
 * @param between runs before every page but the first.
 */
export async function readWindow(
  { page, streams }: Pick<Collector, 'page' | 'streams'>,
  vendor: Vendor,
  window: { readonly from: Date; readonly to: Date; readonly limit?: number },
  between: (page: number) => void | Promise<void> = () => undefined,
): Promise<JsonObject[][]> {
  const [stream] = streams;
  if (!stream) throw new Error('the collector has no stream');
  const pages: JsonObject[][] = [];
  let cursor: Json | undefined;
  for (;;) {
    const read = await page(
      { stream: stream.name, done: new Set(), ...window, ...(cursor !== undefined && { cursor }) },
      vendor,
    );
    pages.push([...read.events]);
    if (read.next === undefined) return pages;
    const next = JSON.stringify(read.next);
    if (cursor !== undefined && next === JSON.stringify(cursor)) throw new Error(`the cursor ${next} came twice`);
    cursor = JSON.parse(next) as Json;
    await between(pages.length);
  }
}
