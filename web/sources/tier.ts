import type { Tier } from '../../shared/retention.ts';

/** How long events are answered by the API and this page. */
export const TIER_WORDS: Readonly<Record<Tier, string>> = {
  '180d': 'Searchable for 180 days',
  '365d': 'Searchable for 365 days',
  indefinite: 'Searchable for good',
};
