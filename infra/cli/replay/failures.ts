import { DIGEST_PREFIX, Digest } from '../../../shared/archive/digest.ts';
import { mapLimited } from '../../../shared/retry.ts';
import { objectsUnder, type Place, readText, replayedAt } from './objects.ts';
import type { Operator } from './operator.ts';
import { readBatch, readFailedRecords } from './records.ts';

/** Something that failed, and lies where it was put aside. */
export interface Failure extends Place {
  /** ISO-8601. */
  readonly at: string;
  /** When it was replayed or dealt with. */
  readonly replayed: string | undefined;
  readonly what: What;
}

/** `conflict` waits for nobody; of the others, only a batch and records can be replayed by a command. */
export type What =
  | { readonly kind: 'batch' | 'records'; readonly count: number; readonly why: string }
  | { readonly kind: 'reject' | 'conflict' | 'unknown' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Days, first and last included, of the time at which something was put aside. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

const AT_ONCE = 8;
const SHOWN_REASONS = 3;
const DIGEST = new RegExp(`^${DIGEST_PREFIX}\\d{4}-\\d{2}-\\d{2}\\.json$`);

/**
 * Everything that failed and was kept: batches that Lambda gave up, rejects and conflicts (failures bucket), records that
 * Firehose could not convert (`errors/` in landing), and landing objects that the seal could not read (named by digests).
 */
export async function findFailures(operator: Operator, days: Days): Promise<Failure[]> {
  const { outputs, s3 } = operator;
  const places: (Place & { at: string })[] = [];
  for (const [bucket, prefix] of [
    [outputs.FailuresBucket, ''],
    [outputs.LandingBucket, 'errors/'],
  ] as const)
    for await (const one of objectsUnder(s3, bucket, prefix)) if (isWithin(one.at, days)) places.push(one);
  const aside = await mapLimited(places, AT_ONCE, async (place): Promise<Failure> => {
    const [replayed, what] = await Promise.all([replayedAt(s3, place), whatLies(operator, place)]);
    return { ...place, replayed, what };
  });
  const unreadable = (await findUnreadable(operator, days)).filter(({ replayed }) => replayed !== 'gone');
  return [...aside, ...unreadable].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.key < b.key ? -1 : 1));
}

async function whatLies({ outputs, s3 }: Operator, place: Place): Promise<What> {
  if (place.bucket === outputs.LandingBucket) {
    const records = readFailedRecords(await readText(s3, place));
    const reasons = new Set(records.map((one) => one?.why ?? 'a line that is not one of Firehose'));
    const why = [...reasons].slice(0, SHOWN_REASONS).join('; ');
    return records.length === 0 ? { kind: 'unknown' } : { kind: 'records', count: records.length, why };
  }
  if (place.key.startsWith('rejects/')) return { kind: 'reject' };
  if (place.key.startsWith('conflicts/')) return { kind: 'conflict' };
  const batch = place.key.startsWith('aws/lambda/') ? readBatch(await readText(s3, place)) : undefined;
  return batch === undefined ? { kind: 'unknown' } : { kind: 'batch', count: batch.records.length, why: batch.why };
}

async function findUnreadable({ outputs, s3 }: Operator, days: Days): Promise<Failure[]> {
  const digests: (Place & { at: string })[] = [];
  for await (const one of objectsUnder(s3, outputs.ArchiveBucket, DIGEST_PREFIX))
    if (DIGEST.test(one.key) && isWithin(one.at, days)) digests.push(one);
  const found = await mapLimited(digests, AT_ONCE, async (place) => {
    const { unreadable } = Digest.parse(JSON.parse(await readText(s3, place)));
    return mapLimited(unreadable, 1, async ({ key, version, reason }): Promise<Failure> => {
      const object = { bucket: outputs.LandingBucket, key, version };
      return { ...object, at: place.at, replayed: await replayedAt(s3, object), what: { kind: 'unreadable', reason } };
    });
  });
  return found.flat();
}

function isWithin(at: string, { from, to }: Days): boolean {
  const day = at.slice(0, 10);
  return from <= day && day <= to;
}
