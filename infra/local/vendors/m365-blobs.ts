import type { JsonObject } from '../../../shared/json.ts';
import type { FakeEvent, World } from './fake.ts';

const EVENTS_A_BLOB = 50;
/** Microsoft's own repetitions put some events into another blob, this long after the first. */
const REPEATED_AFTER_MS = 30 * 60_000;
const REPEATED_EVERY = 5;
const ID = /^(\d{17})000\$(?:\1)000\$(\w+)\$\w+\$(n|r)(\d+)x(\d+)$/;

/** Some events that became available at one instant. A blob never changes: where more events come, there is another one. */
export interface FakeBlob {
  readonly id: string;
  readonly created: Date;
}

/** The blobs of a content type that became available in `[from, to)`, in no promised order. */
export function blobsBetween(world: World, contentType: string, from: Date, to: Date): FakeBlob[] {
  const until = Math.min(to.getTime(), world.now().getTime() + 1);
  return (['n', 'r'] as const).flatMap((kind) => {
    const delay = kind === 'r' ? REPEATED_AFTER_MS : 0;
    const events = ofKind(world.events(contentType), kind).filter(({ arrives }) => {
      const created = arrives.getTime() + delay;
      return created >= from.getTime() && created < until;
    });
    const instants = Map.groupBy(events, ({ arrives }) => arrives.getTime() + delay);
    return [...instants].flatMap(([created, all]) => {
      // A list that begins just when a blob became available tells of a part of it.
      const count = Math.floor(created / 1_000) * 1_000 === from.getTime() ? Math.floor(all.length / 2) : all.length;
      return Array.from({ length: Math.ceil(all.length / EVENTS_A_BLOB) }, (_, index) => ({
        id: idOf(
          contentType,
          created,
          kind,
          index,
          Math.max(0, Math.min(EVENTS_A_BLOB, count - index * EVENTS_A_BLOB)),
        ),
        created: new Date(created),
      }));
    });
  });
}

/** When a blob of this id became available; undefined for what is no id of this content type. */
export function createdAt(id: string, contentType: string): Date | undefined {
  const [, stamp = '', name] = ID.exec(id) ?? [];
  if (name !== nameOf(contentType)) return undefined;
  return new Date(stamp.replace(/^(....)(..)(..)(..)(..)(..)(...)$/, '$1-$2-$3T$4:$5:$6.$7Z'));
}

/** What is in a blob; undefined where there is none of this id. */
export function recordsOf(world: World, id: string, contentType: string): JsonObject[] | undefined {
  const created = createdAt(id, contentType);
  const [, , , kind, index, count] = ID.exec(id) ?? [];
  if (!created) return undefined;
  const delay = kind === 'r' ? REPEATED_AFTER_MS : 0;
  const first = Number(index) * EVENTS_A_BLOB;
  const records = ofKind(world.events(contentType), kind === 'r' ? 'r' : 'n')
    .filter(({ arrives }) => arrives.getTime() + delay === created.getTime())
    .slice(first, first + Number(count))
    .map(({ raw }) => raw);
  // Events within a blob are not in the order of time.
  return records.length === Number(count) ? records.reverse() : undefined;
}

function ofKind(events: readonly FakeEvent[], kind: 'n' | 'r'): FakeEvent[] {
  return events.filter(
    ({ raw }) => kind === 'n' || Number.parseInt(String(raw['Id']).slice(-6), 16) % REPEATED_EVERY === 0,
  );
}

function idOf(contentType: string, created: number, kind: 'n' | 'r', index: number, count: number): string {
  const stamp = `${new Date(created).toISOString().replace(/\D/g, '')}000`;
  return `${stamp}$${stamp}$${nameOf(contentType)}$${contentType.replace('.', '_')}$${kind}${index}x${count}`;
}

function nameOf(contentType: string): string {
  return contentType.replace('.', '_').toLowerCase();
}
