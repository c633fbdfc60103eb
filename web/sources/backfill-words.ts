import { spanWords } from './span.ts';
import type { BackfillProgress } from './types.ts';

/** How a backfill is getting on, in a few words. */
export function backfillWords({
  state,
  remainingSeconds,
  rate,
}: Pick<BackfillProgress, 'state' | 'remainingSeconds' | 'rate'>): string {
  if (state === 'finished') return 'Finished';
  if (state === 'paused') return 'Paused with its connection';
  if (state === 'failing') return 'Failing, and tried again';
  if (rate.rangeSeconds <= 0) return 'Waiting for its turn';
  const leftMs = (remainingSeconds / rate.rangeSeconds) * 1_000;
  return leftMs < 1_000 ? 'Almost done' : `About ${spanWords(leftMs)} to go`;
}
