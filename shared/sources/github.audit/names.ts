import type { EventType } from '../../taxonomy.ts';

/** Names of acts, separated by white space, under the EMM type they have; `unmapped` are those it has no word for. */
export type Names = Readonly<Partial<Record<EventType | 'unmapped', string>>>;

/** Acts of one topic, by what stands before the dot: `{ team: { create_group: 'create' } }` is `team.create`. */
export type Topic = Readonly<Record<string, Names>>;
