import { fakeAppomniAudit } from './appomni.audit.ts';
import { fakeArdexa } from './ardexa.audit_logs.ts';
import { fakeBox } from './box.admin_logs.ts';
import { fakeDuoActivity, fakeDuoAdmin, fakeDuoAuth } from './duo.ts';
import type { FakeVendor } from './fake.ts';
import { fakeFleetActivities } from './fleet.activities.ts';
import { fakeGithub } from './github.audit.ts';
import { fakeGoogleWorkspace } from './google_workspace.activity.ts';
import { fakeM365AzureAd, fakeM365Exchange, fakeM365General, fakeM365Sharepoint } from './m365.ts';
import { fakePuppet } from './puppet.activity.ts';

/** A fake for every source that is polled. */
export const FAKE_VENDORS: readonly FakeVendor[] = [
  fakeAppomniAudit,
  fakeArdexa,
  fakeBox,
  fakeDuoActivity,
  fakeDuoAdmin,
  fakeDuoAuth,
  fakeFleetActivities,
  fakeGithub,
  fakeGoogleWorkspace,
  fakeM365AzureAd,
  fakeM365Exchange,
  fakeM365General,
  fakeM365Sharepoint,
  fakePuppet,
];
