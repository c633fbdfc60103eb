/** How long an event stays in the hot store. The archive keeps it regardless. */
export const TIERS = ['180d', '365d', 'indefinite'] as const;
export type Tier = (typeof TIERS)[number];

const DAY_MS = 86_400_000;
const TIER_DAYS: Readonly<Record<Tier, number>> = { '180d': 180, '365d': 365, indefinite: Number.POSITIVE_INFINITY };

/**
 * When an event may leave the hot store, in epoch seconds; undefined for `indefinite`.
 *
 * At least a day after receipt, so that an event older than its tier still passes through the table's stream to the
 * archive, and because DynamoDB ignores TTL values more than five years in the past.
 */
export function expiresAt(time: string, receivedAt: string, tier: Tier): number | undefined {
  if (tier === 'indefinite') return undefined;
  const byTier = Date.parse(time) + TIER_DAYS[tier] * DAY_MS;
  return Math.ceil(Math.max(byTier, Date.parse(receivedAt) + DAY_MS) / 1000);
}

/** The instant before which events of this tier have left the hot store; undefined for `indefinite`. */
export function hotFrom(tier: Tier, now: number): string | undefined {
  return tier === 'indefinite' ? undefined : new Date(now - TIER_DAYS[tier] * DAY_MS).toISOString();
}
