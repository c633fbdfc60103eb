import type { CanonicalEvent } from '../api/types.ts';

/** As shared/event/schema.ts has them, which needs a validator that this page does without. */
export const OUTCOMES: readonly CanonicalEvent['outcome'][] = ['success', 'failure', 'unknown'];
