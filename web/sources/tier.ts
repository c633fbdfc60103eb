import type { Tier } from '../../shared/retention.ts';

/** How long events are answered by the API and this page. */
export const TIER_WORDS: Readonly<Record<Tier, string>> = {
  '180d': 'Hot for 180 days',
  '365d': 'Hot for 365 days',
  indefinite: 'Hot for good',
};
