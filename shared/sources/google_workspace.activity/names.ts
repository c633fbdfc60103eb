import type { EventType } from '../../taxonomy.ts';

/** Names of events, separated by white space, under the EMM type they have; `unmapped` are those it has no word for. */
export type Names = Readonly<Partial<Record<EventType | 'unmapped', string>>>;
