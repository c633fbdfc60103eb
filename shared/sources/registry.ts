import { CUSTOM_SOURCE, isCustomSource } from '../event/producer.ts';
import type { Tier } from '../retention.ts';
import { annalsAudit } from './annals.audit/source.ts';
import { duoActivity } from './duo.activity/source.ts';
import { duoAdmin } from './duo.admin/source.ts';
import { duoAuth } from './duo.auth/source.ts';
import { githubWebhook } from './github.webhook/source.ts';
import type { Source } from './source.ts';

/** Every source that has a mapping. A new one is its folder and a line here. */
export const SOURCES: readonly Source[] = [annalsAudit, duoActivity, duoAdmin, duoAuth, githubWebhook];

const BY_NAME = new Map(SOURCES.map((source) => [source.name, source]));
const CUSTOM_TIER: Tier = '365d';

export function sourceNamed(name: string): Source | undefined {
  return BY_NAME.get(name);
}

/** True for a source that events can come from: one with a mapping, or an application's. */
export function isKnownSource(name: string): boolean {
  return BY_NAME.has(name) || isCustomSource(name);
}

/** The retention tier of a source when neither the event nor its connection says one. */
export function tierOf(source: string, overrides: Readonly<Record<string, Tier>>): Tier {
  return (
    overrides[source] ??
    (isCustomSource(source) ? overrides[CUSTOM_SOURCE] : undefined) ??
    BY_NAME.get(source)?.defaultTier ??
    CUSTOM_TIER
  );
}
