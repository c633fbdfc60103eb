import type { TimeLeft } from '../../retry.ts';
import type { SealStore } from '../seal/store.ts';
import type { Digests } from './digests.ts';
import type { Locks } from './locks.ts';

/** What keeping an archive takes: of its bytes only digests are read. */
export interface Work {
  readonly store: Pick<SealStore, 'versions' | 'read'>;
  readonly locks: Locks;
  readonly digests: Digests;
  readonly now: Date;
  readonly timeLeft: TimeLeft;
  /** Hears of an object that could not be dealt with; the others are. */
  readonly onProblem: (key: string, error: unknown) => void;
}

/** Whether an object is not there, as may be when its retention is over. */
export async function isGone(
  store: Work['store'],
  { key, version }: { key: string; version: string | undefined },
): Promise<boolean> {
  const there = await store.versions(key);
  return !there.some((one) => one.key === key && (version === undefined || one.version === version));
}
