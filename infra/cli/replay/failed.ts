import { InvalidRequestError } from '../../../shared/errors.ts';
import { print } from '../command.ts';
import { convertAgain, deliverAgain, type Outcome } from './again.ts';
import { countOf, describe, isLeft } from './describe.ts';
import { type Days, type Failure, findFailures } from './failures.ts';
import { markReplayed, readText } from './objects.ts';
import type { Operator } from './operator.ts';
import { readBatch, readFailedRecords } from './records.ts';

/**
 * Shows what failed, or replays what can be; what was replayed is marked, and nothing is deleted.
 *
 * @param done keys to mark as dealt with by hand, in the place of replaying.
 * @returns whether nothing is left to do.
 */
export async function replayFailed(
  operator: Operator,
  { days, list, done }: { days: Days; list: boolean; done: readonly string[] },
): Promise<boolean> {
  const failures = await findFailures(operator, days);
  if (done.length > 0) return markDone(operator, failures, done);
  let left = 0;
  for (const failure of failures) {
    if (list || !isLeft(failure)) {
      if (list) print(describe(failure));
      if (isLeft(failure)) left += 1;
      continue;
    }
    const outcome = await replay(operator, failure);
    if (outcome === undefined) print(describe(failure));
    else {
      print(
        `${failure.what.kind}  s3://${failure.bucket}/${failure.key}: ${outcome.sent} of ${countOf(failure.what)} sent again${outcome.why ? `; ${outcome.why}` : ''}`,
      );
      if (outcome.left === 0) await markReplayed(operator.s3, failure, new Date());
    }
    if (outcome === undefined || outcome.left > 0) left += 1;
  }
  const kept = failures.filter(({ what }) => what.kind === 'conflict').length;
  const all = `${failures.length} objects, ${kept} of them conflicts, for which there is nothing to do`;
  print(left === 0 ? `nothing is left: ${all}` : `LEFT: ${left} of ${all}`);
  return left === 0;
}

/** Undefined for what no command can replay. */
async function replay(operator: Operator, { what, ...place }: Failure): Promise<Outcome | undefined> {
  if (what.kind !== 'batch' && what.kind !== 'records') return undefined;
  // Read again, as all of them together may be more than memory holds.
  const text = await readText(operator.s3, place);
  if (what.kind === 'records') return convertAgain(operator, readFailedRecords(text));
  const batch = readBatch(text);
  return batch && deliverAgain(operator, batch);
}

async function markDone(operator: Operator, failures: readonly Failure[], keys: readonly string[]): Promise<boolean> {
  const chosen = keys.map((key) => {
    const found = failures.filter((one) => one.key === key);
    if (found.length === 0)
      throw new InvalidRequestError(`nothing that failed has the key ${key}: see --failed --list`);
    return found;
  });
  for (const failure of chosen.flat()) {
    await markReplayed(operator.s3, failure, new Date());
    print(`marked as done: s3://${failure.bucket}/${failure.key}`);
  }
  return true;
}
