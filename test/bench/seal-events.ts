import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../infra/local/demo/random.ts';
import { archiveRow } from '../../shared/archive/row.ts';
import { eventId, identityOf } from '../../shared/event/id.ts';
import { prepareEvents } from '../../shared/event/prepare.ts';
import type { JsonObject } from '../../shared/json.ts';
import { SOURCES } from '../../shared/sources/registry.ts';

const DAY_MS = 86_400_000;
const PEOPLE = 400;
const SOURCES_FOLDER = join(import.meta.dirname, '../../shared/sources');

/** An event of the examples beside each source, mapped by the source's own code. */
interface Template {
  readonly row: Record<string, unknown>;
  readonly raw: string;
  /** What stands for the actor in the raw event, to be replaced. */
  readonly actor: readonly string[];
}

const templates: Template[] = SOURCES.flatMap((source) => {
  const folder = join(SOURCES_FOLDER, source.name, 'examples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const raw = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject;
    const provenance = { tenant: 'main', connection: 'c-1', source: source.name, product: source.product };
    const rest = { origin: 'bench', tier: source.defaultTier, receivedAt: '2026-01-01T00:00:00.000Z' };
    return prepareEvents(source.normalize(raw), { ...provenance, ...rest }).map(({ event }) => ({
      row: archiveRow(event, { text: null, sha256: null, size: null }),
      raw: JSON.stringify(raw),
      actor: [event.actor.email, event.actor.name, event.actor.id].filter((value) => value !== undefined),
    }));
  });
});

/**
 * Events of one UTC day as landing has them, in order of time: few kinds are most of them, few people do most, two thirds
 * fall into office hours. Times and ids are those of a vendor's own; raw events are the examples with other people in them.
 */
export function* eventsOfDay(day: string, count: number, seed: number): Generator<Record<string, unknown>> {
  const random = new Random(seed);
  const midnight = Date.parse(day);
  const times = Array.from({ length: count }, () =>
    random.chance(0.66) ? random.integer(8 * 3600_000, 18 * 3600_000) : random.integer(0, DAY_MS - 1),
  ).sort((a, b) => a - b);
  for (const time of times) yield eventAt(midnight + time, random);
}

function eventAt(ms: number, random: Random): Record<string, unknown> {
  const template = templates[Math.floor(templates.length * random.next() ** 2)] ?? random.pick(templates);
  const who = Math.floor(PEOPLE * random.next() ** 2);
  const person = {
    id: String(700_000 + who * 7),
    name: `Person Number${who}`,
    email: `person.number${who}@example.com`,
  };
  const time = new Date(ms).toISOString();
  const uid = randomUUID();
  const raw = `${template.actor
    .reduce(
      (text, value) => text.replaceAll(`"${value}"`, `"${value.includes('@') ? person.email : person.name}"`),
      template.raw,
    )
    .slice(0, -1)},"uid":"${uid}","at":${ms}}`;
  return {
    ...template.row,
    id: eventId(
      time,
      identityOf({ tenant: 'main', source: String(template.row['source']), origin: 'bench', key: uid }),
    ),
    time: sqlTime(ms),
    received_at: sqlTime(ms + random.integer(1_000, 120_000)),
    actor_id: person.id,
    actor_name: person.name,
    actor_email: person.email,
    entities: [person.email, ...(template.row['entities'] as string[]).slice(1)],
    ip: `10.${who % 8}.${Math.floor(who / 8)}.${random.chance(0.9) ? 7 : random.integer(1, 254)}`,
    session: uid.slice(0, 13),
    raw,
    raw_sha256: null,
    raw_size: Buffer.byteLength(raw),
  };
}

function sqlTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}
