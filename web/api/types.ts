import type { Proof } from '../../shared/archive/verify/located.ts';
import type { CanonicalEvent } from '../../shared/event/schema.ts';
import type { Incomplete } from '../../shared/query/coverage.ts';
import type { EventType } from '../../shared/taxonomy.ts';

export type { Proof } from '../../shared/archive/verify/located.ts';
export type { Actor, CanonicalEvent, Change, Target } from '../../shared/event/schema.ts';
export type { Incomplete } from '../../shared/query/coverage.ts';
export type ProofFile = NonNullable<Proof['file']>;

export type Scope = 'ingest' | 'read' | 'admin';

/** `GET /v1/me` */
export interface Me {
  readonly tenant: string;
  readonly key: {
    readonly id: string;
    readonly name: string;
    readonly scopes: readonly Scope[];
    readonly sources: readonly string[] | null;
    readonly expiresAt: string | null;
  };
}

/** `GET /v1/events` */
export interface EventsPage {
  readonly events: readonly CanonicalEvent[];
  readonly next: string | null;
  readonly incomplete?: readonly Incomplete[];
}

/** `GET /v1/counts`; `start` is ISO-8601. */
export interface Counts {
  readonly by: 'day' | 'hour';
  readonly from: string;
  readonly to: string;
  readonly counts: readonly Count[];
  readonly approximate: boolean;
  /** Given back as `cursor`, it goes on where time ran out. */
  readonly next: string | null;
  readonly incomplete?: readonly Incomplete[];
}

export interface Count {
  readonly start: string;
  readonly source: string;
  readonly type: EventType | null;
  readonly count: number;
}

/** An element of `GET /v1/sources`, as far as the feed needs it. */
export interface SourceSummary {
  readonly name: string;
  readonly product: string;
  readonly title: string;
  readonly lag: string;
  readonly tier: string;
  readonly types: readonly EventType[];
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly connections: readonly { readonly id: string; readonly name: string }[];
}

export type SearchQuery = Readonly<Record<string, string | readonly string[]>>;

/** `GET /v1/searches` */
export interface SavedSearch {
  readonly id: string;
  readonly name: string;
  readonly query: SearchQuery;
  readonly columns: readonly string[] | null;
  readonly shared: boolean;
  readonly suggested: boolean;
  readonly owner: { readonly id: string; readonly name: string } | null;
  readonly mine: boolean;
  /** Null for suggested ones. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

/** `GET /v1/exports/{id}` */
export interface Export {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'done' | 'failed' | 'expired';
  readonly rows?: number;
  readonly reason?: string | null;
  readonly files?: readonly ExportFile[];
  readonly manifest?: { readonly url: string; readonly sha256: string; readonly signature: string };
}

export interface ExportFile {
  readonly url: string;
  readonly expiresAt: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}
