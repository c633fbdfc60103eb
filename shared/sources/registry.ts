import { CUSTOM_SOURCE, isCustomSource } from '../event/producer.ts';
import type { Tier } from '../retention.ts';
import { annalsAudit } from './annals.audit/source.ts';
import { appomniAudit } from './appomni.audit/source.ts';
import { ardexaAuditLogs } from './ardexa.audit_logs/source.ts';
import { boxAdminLogs } from './box.admin_logs/source.ts';
import { duoActivity } from './duo.activity/source.ts';
import { duoAdmin } from './duo.admin/source.ts';
import { duoAuth } from './duo.auth/source.ts';
import { fleetActivities } from './fleet.activities/source.ts';
import { githubAudit } from './github.audit/source.ts';
import { githubWebhook } from './github.webhook/source.ts';
import { googleWorkspaceActivity } from './google_workspace.activity/source.ts';
import { m365AzureAd } from './m365.azure_ad/source.ts';
import { m365Exchange } from './m365.exchange/source.ts';
import { m365General } from './m365.general/source.ts';
import { m365Sharepoint } from './m365.sharepoint/source.ts';
import { puppetActivity } from './puppet.activity/source.ts';
import type { Source } from './source.ts';

/** Every source that has a mapping. A new one is its folder and a line here. */
export const SOURCES: readonly Source[] = [
  annalsAudit,
  appomniAudit,
  ardexaAuditLogs,
  boxAdminLogs,
  duoActivity,
  duoAdmin,
  duoAuth,
  fleetActivities,
  githubAudit,
  githubWebhook,
  googleWorkspaceActivity,
  m365AzureAd,
  m365Exchange,
  m365General,
  m365Sharepoint,
  puppetActivity,
];

const BY_NAME = new Map(SOURCES.map((source) => [source.name, source]));
const CUSTOM_TIER: Tier = '365d';

export function sourceNamed(name: string): Source | undefined {
  return BY_NAME.get(name);
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
