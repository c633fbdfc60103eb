import type { Category, EventType } from '../../shared/taxonomy.ts';

/** `GET /v1/coverage` */
export interface Coverage {
  readonly sources: readonly SourceCoverage[];
}

export interface SourceCoverage {
  readonly source: string;
  /** All types of the taxonomy, in its order. */
  readonly types: readonly TypeCoverage[];
}

export interface TypeCoverage {
  readonly category: Category;
  readonly type: EventType;
  readonly canGive: boolean;
  readonly mapped: boolean;
  /** About how many are hot. */
  readonly seen: number;
  /** The day of the latest, UTC. */
  readonly lastSeen: string | null;
}
