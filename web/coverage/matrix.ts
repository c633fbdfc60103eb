import type { EventType } from '../../shared/taxonomy.ts';
import type { SourceSummary } from '../api/types.ts';
import type { Coverage, TypeCoverage } from './types.ts';

/**
 * What is known of one type in one source, the best first: it came lately; it came once; it can come and never did; an
 * application may send it; it would come if the source were collected; it can't come.
 */
export const STATES = ['seen', 'stale', 'silent', 'open', 'offered', 'none'] as const;
export type State = (typeof STATES)[number];

export interface Cell {
  readonly type: EventType;
  readonly state: State;
  /** Hot events, about. */
  readonly count: number;
  /** A day, UTC. */
  readonly last: string | null;
}

export interface Row {
  readonly source: string;
  readonly title: string;
  readonly product: string;
  /** It has a connection, or events came without one. */
  readonly isCollected: boolean;
  /** The ids of its connections. */
  readonly connections: readonly string[];
  /** In the order of the taxonomy. */
  readonly cells: readonly Cell[];
}

export interface Matrix {
  /** Those that are collected first, applications after vendors; within that by title. */
  readonly rows: readonly Row[];
  /** By type, the best that any source which is collected has. */
  readonly whole: readonly Cell[];
}

/** What came within so many days counts as now. */
export const LATELY_DAYS = 30;
const DAY_MS = 86_400_000;
/** Nobody connects it: it is the deployment's own log. */
export const BUILT_IN = 'annals.audit';

/** @param now epoch milliseconds. */
export function matrixOf(coverage: Coverage, sources: readonly SourceSummary[], now: number): Matrix {
  const known = new Map(sources.map((source) => [source.name, source]));
  const since = new Date(now - LATELY_DAYS * DAY_MS).toISOString().slice(0, 10);
  const rows = coverage.sources
    .map(({ source, types }): Row => {
      const connections = known.get(source)?.connections.map(({ id }) => id) ?? [];
      const isCollected = connections.length > 0 || source === BUILT_IN || types.some(({ seen }) => seen > 0);
      return {
        source,
        ...namesOf(source, known.get(source)),
        isCollected,
        connections,
        cells: types.map((one) => cellOf(one, isCollected, isApplication(source), since)),
      };
    })
    .sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, 'en'));
  return { rows, whole: wholeOf(rows.filter(({ isCollected }) => isCollected)) };
}

/** True for what applications send in the canonical form: it may have any type. */
export function isApplication(source: string): boolean {
  return source === 'custom' || source.startsWith('custom.');
}

/** True where something is missing that an investigator may look for. */
export function isMissing({ state }: Cell): boolean {
  return state !== 'seen';
}

function rank({ isCollected, source }: Row): number {
  return isCollected ? Number(isApplication(source)) : 2;
}

function namesOf(source: string, known: SourceSummary | undefined): Pick<Row, 'title' | 'product'> {
  const product = known?.product ?? source;
  if (isApplication(source)) return { title: product, product };
  return { title: known?.title ?? source, product };
}

function cellOf(
  { type, canGive, mapped, seen, lastSeen }: TypeCoverage,
  isCollected: boolean,
  isOpen: boolean,
  since: string,
): Cell {
  const could = canGive || mapped;
  const state = (): State => {
    if (seen > 0) return (lastSeen ?? '') >= since ? 'seen' : 'stale';
    if (isOpen) return 'open';
    if (!could) return 'none';
    return isCollected ? 'silent' : 'offered';
  };
  return { type, state: state(), count: seen, last: lastSeen };
}

function wholeOf(rows: readonly Row[]): Cell[] {
  return (rows[0]?.cells ?? []).map(({ type }, index) => {
    const cells = rows.flatMap(({ cells }) => cells[index] ?? []);
    const best = STATES.find((state) => cells.some((cell) => cell.state === state)) ?? 'none';
    return {
      type,
      // That an application might send it is no eye on it.
      state: best === 'open' ? 'none' : best,
      count: cells.reduce((sum, { count }) => sum + count, 0),
      last: cells.reduce<string | null>((latest, { last }) => ((last ?? '') > (latest ?? '') ? last : latest), null),
    };
  });
}
