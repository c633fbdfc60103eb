import { fakeBox } from '../../../../infra/local/vendors/box.admin_logs.ts';
import type { FakeReply, FakeRequest, FakeVendor } from '../../../../infra/local/vendors/fake.ts';
import { type Json, type JsonObject, parseJson } from '../../../../shared/json.ts';
import type { Collector, Feed } from '../../../../shared/polling/poller.ts';
import { poller } from '../../../../shared/sources/box.admin_logs/poller.ts';
import { type DirectVendor, directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';

export const NOW = new Date('2026-05-04T12:00:00Z');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const URL_OF_FAKE = 'http://127.0.0.1:4010';

export const ago = (milliseconds: number): Date => new Date(NOW.getTime() - milliseconds);

export interface Connected extends DirectVendor {
  readonly world: MemoryWorld;
  readonly collector: Collector;
  readonly feed: Feed;
  /** Queries of the requests for events so far. */
  readonly asked: () => Record<string, string>[];
}

/** A connection to a fake Box whose clock stands at {@link NOW}. */
export function connect(
  options: Parameters<typeof directVendor>[3] & { fake?: FakeVendor; settings?: JsonObject } = {},
): Connected {
  const { fake = fakeBox, settings = {}, ...rest } = options;
  const world = new MemoryWorld(fake, { now: NOW, stream: 'admin_logs' });
  const collector = poller.connect({ ...fake.settings(URL_OF_FAKE), ...settings });
  const direct = directVendor(fake, world, collector, rest);
  if (!collector.feed) throw new Error('the poller has no feed');
  const asked = () =>
    direct.requests
      .filter(({ url }) => url.pathname === '/2.0/events')
      .map(({ url }) => Object.fromEntries(url.searchParams));
  return { ...direct, world, collector, feed: collector.feed, asked };
}

/** All pages of a window. */
export async function readAll(
  { collector, client }: Connected,
  from: Date,
  to: Date,
): Promise<{ numbers: number[]; pages: number }> {
  const numbers: number[] = [];
  let cursor: Json | undefined;
  for (let pages = 1; ; pages += 1) {
    const request = {
      stream: 'admin_logs',
      from,
      to,
      done: new Set<string>(),
      ...(cursor !== undefined && { cursor }),
    };
    const page = await collector.page(request, client);
    numbers.push(...page.events.map(fakeBox.numberOf));
    if (page.next === undefined) return { numbers, pages };
    if (page.next === cursor) throw new Error('the cursor repeats');
    // As a checkpoint keeps it.
    cursor = parseJson(JSON.stringify(page.next));
  }
}

/** Everything that the feed has after a position, and where it is then. */
export async function follow(
  { feed, client }: Connected,
  position: Json,
): Promise<{ numbers: number[]; position: Json }> {
  const numbers: number[] = [];
  let at = position;
  for (;;) {
    const page = await feed.page(at, client, 'admin_logs');
    numbers.push(...page.events.map(fakeBox.numberOf));
    at = parseJson(JSON.stringify(page.position));
    if (!page.more) return { numbers, position: at };
  }
}

/** A reply of `GET /events`; the position as it stands in the JSON. */
export function eventsReply(position: string | undefined, entries: readonly JsonObject[] = []): FakeReply {
  const next = position === undefined ? '' : `"next_stream_position":${position},`;
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"chunk_size":${entries.length},${next}"entries":${JSON.stringify(entries)}}`,
  };
}

/** Answers requests for events with these replies, the last one again and again. */
export function answering(...replies: readonly FakeReply[]): (request: FakeRequest) => FakeReply | undefined {
  let served = 0;
  return ({ url }) => {
    if (url.pathname !== '/2.0/events') return undefined;
    served += 1;
    return replies[Math.min(served, replies.length) - 1];
  };
}
