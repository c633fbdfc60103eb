import type { Collected, KnownGap } from './types.ts';

/**
 * What became of a stretch of time: all of it is stored; it is waiting for its turn; something keeps it from being
 * collected; it can't be had any more; nobody asked for it.
 */
export const STATES = ['lost', 'held', 'pending', 'collected', 'unasked'] as const;
export type StretchState = (typeof STATES)[number];

/** `[from, to)` in epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly state: StretchState;
}

/** `GET /v1/connections/{id}/intervals` */
export interface Intervals {
  readonly collected: readonly Collected[];
  readonly gaps: readonly KnownGap[];
}

/** The names of the streams that are told of, in order. */
export function streamsOf({ collected, gaps }: Intervals): string[] {
  return [...new Set([...collected, ...gaps].map(({ stream }) => stream))].sort();
}

/** The earliest time that is told of; undefined when there is none. */
export function beginOf({ collected, gaps }: Intervals): number | undefined {
  const begins = [...collected, ...gaps].map(({ from }) => Date.parse(from));
  return begins.length > 0 ? Math.min(...begins) : undefined;
}

/**
 * The stretches that make up `[from, to)`, without a hole and no two alike side by side. What one job collected is there,
 * though another has yet to read it, or came too late for it.
 *
 * @param stream one of them; null puts all together, and of several states the gravest counts.
 */
export function stretchesOf(intervals: Intervals, stream: string | null, from: number, to: number): Stretch[] {
  const parts = partsOf(intervals).filter(
    (part) => (stream === null || part.stream === stream) && part.from < to && part.to > from && part.from < part.to,
  );
  const cuts = [...new Set([from, to, ...parts.flatMap((part) => [part.from, part.to])])]
    .filter((cut) => cut >= from && cut <= to)
    .sort((a, b) => a - b);
  const stretches: Stretch[] = [];
  for (const [index, begin] of cuts.entries()) {
    const end = cuts[index + 1];
    if (end === undefined) break;
    const state = stateOf(parts.filter((part) => part.from <= begin && part.to >= end));
    const before = stretches.at(-1);
    if (before?.state === state) stretches[stretches.length - 1] = { ...before, to: end };
    else stretches.push({ from: begin, to: end, state });
  }
  return stretches;
}

/** True when all of a gap was collected by another job. */
export function isFilled(gap: KnownGap, intervals: Intervals): boolean {
  const { from, to } = timesOf(gap);
  return stretchesOf(intervals, gap.stream, from, to).every(({ state }) => state === 'collected');
}

type Part = Stretch & { readonly stream: string };

function partsOf({ collected, gaps }: Intervals): Part[] {
  return [
    ...collected.map((one) => ({ stream: one.stream, ...timesOf(one), state: 'collected' as const })),
    ...gaps.map((gap) => ({ stream: gap.stream, ...timesOf(gap), state: stateOfGap(gap) })),
  ];
}

/** What several parts of the same time come to. */
function stateOf(parts: readonly Part[]): StretchState {
  const stored = new Set(parts.filter(({ state }) => state === 'collected').map(({ stream }) => stream));
  const left = new Set(
    parts.filter(({ stream, state }) => state === 'collected' || !stored.has(stream)).map(({ state }) => state),
  );
  return STATES.find((state) => left.has(state)) ?? 'unasked';
}

/** What share of the time that was asked for is stored, 0 to 1; 1 when nothing was. */
export function shareCollected(stretches: readonly Stretch[]): number {
  const sum = (some: readonly Stretch[]) => some.reduce((total, { from, to }) => total + (to - from), 0);
  const asked = sum(stretches.filter(({ state }) => state !== 'unasked'));
  return asked === 0 ? 1 : sum(stretches.filter(({ state }) => state === 'collected')) / asked;
}

export function stateOfGap({ open, reason }: Pick<KnownGap, 'open' | 'reason'>): StretchState {
  if (!open) return 'lost';
  return reason === 'backfill_pending' ? 'pending' : 'held';
}

function timesOf({ from, to }: { readonly from: string; readonly to: string }): { from: number; to: number } {
  return { from: Date.parse(from), to: Date.parse(to) };
}

const REASONS: Readonly<Record<string, string>> = {
  backfill_pending: 'History that is still to be read',
  paused: 'The connection is or was paused',
  no_longer_kept: 'The vendor had deleted it before it was read',
  credential_refused: 'The vendor did not accept the secrets',
  permission_missing: 'The vendor did not let the caller read the log',
  throttled: 'The vendor asked to wait',
  vendor_unavailable: 'The vendor did not answer as it should',
  unreachable: 'There was no way to the vendor’s host',
  address_refused: 'The vendor’s address is a private one',
  foreign_host: 'The vendor pointed to a host that is not its own',
  vendor_refused: 'The vendor refused the request',
  log_unavailable: 'The log was not there',
  cursor_expired: 'The vendor no longer knew the position',
  cursor_repeated: 'The vendor’s paging led in circles',
  reply_too_large: 'The vendor’s answer was too large',
  store_unavailable: 'The events could not be stored',
};

/** Why a stretch is missing, in words; what a vendor says of it is left as it is. */
export function reasonWords(reason: string): string {
  return Object.hasOwn(REASONS, reason) ? (REASONS[reason] ?? reason) : reason;
}
