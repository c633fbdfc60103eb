/**
 * What an event costs in DynamoDB: bytes and write units of its item and its pointers, for GitHub's published webhook bodies
 * and for an application's events. Run it with `npm run bench`. The units are DynamoDB's rule (1 KB each, rounded up), applied to
 * the very items that are written.
 */

import { demoEvents } from '../../infra/local/demo/events.ts';
import { type PreparedEvent, type Provenance, prepareEvents } from '../../shared/event/prepare.ts';
import { readProducerEvent } from '../../shared/event/producer.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { githubWebhook } from '../../shared/sources/github.webhook/source.ts';
import { eventItem } from '../../shared/store/item.ts';
import { pointerItems } from '../../shared/store/pointer.ts';
import { octokitExamples } from '../support/github.ts';
import { sizeOf, unitsOf } from './write-units.ts';

const now = new Date();
const where = (source: string, product: string): Provenance => ({
  tenant: 'main',
  connection: 'github',
  source,
  product,
  origin: 'github.com',
  tier: '365d',
  receivedAt: now.toISOString(),
});

const github = octokitExamples().map(({ event, payload }): PreparedEvent[] => {
  const raw = { 'X-GitHub-Event': event, ...payload } as JsonObject;
  return prepareEvents(githubWebhook.normalize(raw), where('github.webhook', 'github'));
});
const application = demoEvents(now.getTime()).map((event): PreparedEvent[] => {
  const read = readProducerEvent(event as unknown as Json, 'main', now.getTime());
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  return prepareEvents([read], where('custom', 'custom'), () => read.said);
});

report('GitHub webhooks (@octokit/webhooks-examples)', github.flat());
report("an application's events (the demo set)", application.flat());

function report(name: string, events: PreparedEvent[]): void {
  const rows = events.map((prepared) => {
    const { item } = eventItem(prepared, 0);
    const pointers = pointerItems(prepared.event, { shard: 0, pointerShards: 1 }, item['expiresAt']);
    // A first-seen row: two keys, a time and an expiry, always under 1 KB.
    const claims = prepared.claim ? 1 : 0;
    return {
      json: Buffer.byteLength(JSON.stringify(prepared.event)),
      item: sizeOf(item),
      pointers: pointers.length,
      stored: claims * 250 + sizeOf(item) + pointers.reduce((sum, pointer) => sum + sizeOf(pointer) + 100, 100),
      units: claims + unitsOf(item) + pointers.reduce((sum, pointer) => sum + unitsOf(pointer), 0),
    };
  });
  const mean = (pick: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + pick(row), 0) / rows.length;
  process.stdout.write(
    [
      `${name}: ${rows.length} events`,
      `  as JSON, raw included       ${mean(({ json }) => json).toFixed(0)} bytes`,
      `  item                        ${mean(({ item }) => item).toFixed(0)} bytes, ${((100 * mean(({ item }) => item)) / mean(({ json }) => json)).toFixed(0)} % of that`,
      `  pointers                    ${mean(({ pointers }) => pointers).toFixed(1)}`,
      `  billed storage              ${mean(({ stored }) => stored).toFixed(0)} bytes (100 more an item)`,
      `  write units                 ${mean(({ units: n }) => n).toFixed(1)}`,
      '  and one more a request and source-day, for its counts',
      '',
    ].join('\n'),
  );
}
