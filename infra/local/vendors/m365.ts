import { z } from 'zod';
import type { JsonObject } from '../../../shared/json.ts';
import signIn from '../../../shared/sources/m365.azure_ad/examples/account_login.json' with { type: 'json' };
import memberAdded from '../../../shared/sources/m365.azure_ad/examples/add_to_group.json' with { type: 'json' };
import userAdded from '../../../shared/sources/m365.azure_ad/examples/create_user.json' with { type: 'json' };
import permissionAdded from '../../../shared/sources/m365.exchange/examples/add_permission.json' with { type: 'json' };
import messageSent from '../../../shared/sources/m365.exchange/examples/create_resource.json' with { type: 'json' };
import mailRead from '../../../shared/sources/m365.exchange/examples/read_resource.json' with { type: 'json' };
import teamCreated from '../../../shared/sources/m365.general/examples/create_group.json' with { type: 'json' };
import settingChanged from '../../../shared/sources/m365.general/examples/update_security_configuration.json' with {
  type: 'json',
};
import linkCreated from '../../../shared/sources/m365.sharepoint/examples/add_permission.json' with { type: 'json' };
import fileDownloaded from '../../../shared/sources/m365.sharepoint/examples/download_resource.json' with {
  type: 'json',
};
import fileRead from '../../../shared/sources/m365.sharepoint/examples/read_resource.json' with { type: 'json' };
import type { FakeVendor } from './fake.ts';
import { answerFeed, tooMany } from './m365-feed.ts';
import { answerTokenRequest, CLIENT, TENANT } from './m365-token.ts';

const ruleMatched: JsonObject = {
  CreationTime: '2031-05-06T10:00:30',
  Id: 'e0000000-2000-4000-8000-000000000001',
  Operation: 'DlpRuleMatch',
  OrganizationId: TENANT,
  RecordType: 11,
  UserType: 4,
  Version: 1,
  Workload: 'SharePoint',
  UserKey: 'DlpAgent',
  UserId: 'ada.quill@northwind.example.com',
  ObjectId: 'https://northwind.example.com/sites/masts/Shared Documents/curve.xlsx',
  PolicyDetails: [{ PolicyName: 'Payment cards', Rules: [{ RuleName: 'Many cards', Severity: 'High' }] }],
};

export interface FakeFeedOptions {
  readonly source: string;
  /** Examples by content type: the source's streams. */
  readonly samples: Readonly<Record<string, readonly JsonObject[]>>;
  readonly settings?: JsonObject;
  /** The application permissions that an administrator consented to. */
  readonly roles?: readonly string[];
  /** Whether auditing is turned on for the tenant. */
  readonly isAuditing?: boolean;
}

/** A tenant of Microsoft 365: Entra ID's token endpoint, and the Office 365 Management Activity API. */
export function fakeActivityFeed({
  source,
  samples,
  settings = {},
  roles = ['ActivityFeed.Read', 'ActivityFeed.ReadDlp'],
  isAuditing = true,
}: FakeFeedOptions): FakeVendor {
  return {
    source,
    secrets: { clientSecret: 'not~a-real-client-secret-for-fakes-only' },
    settings: (url) => ({ tenantId: TENANT, clientId: CLIENT, baseUrl: url, loginUrl: url, ...settings }),
    event(n, at, stream) {
      const choice = samples[stream] ?? [];
      return {
        ...choice[n % choice.length],
        // In UTC, without saying so.
        CreationTime: at.toISOString().slice(0, 19),
        Id: `e0000000-${stream === 'DLP.All' ? 'd000' : '2000'}-4000-8000-${n.toString(16).padStart(12, '0')}`,
      };
    },
    numberOf: (raw) => Number.parseInt(z.string().parse(raw['Id']).slice(-12), 16),
    handle: (request, world) =>
      (request.method === 'POST' ? answerTokenRequest(request, world, roles) : undefined) ??
      answerFeed(request, world, isAuditing),
    throttled: (retryAfterSeconds) => tooMany(TENANT, retryAfterSeconds),
  };
}

/** Entra ID: `Audit.AzureActiveDirectory`. */
export const fakeM365AzureAd: FakeVendor = fakeActivityFeed({
  source: 'm365.azure_ad',
  samples: { 'Audit.AzureActiveDirectory': [signIn, signIn, userAdded, memberAdded] },
});

/** Exchange Online: `Audit.Exchange`. */
export const fakeM365Exchange: FakeVendor = fakeActivityFeed({
  source: 'm365.exchange',
  samples: { 'Audit.Exchange': [messageSent, mailRead, mailRead, permissionAdded] },
});

/** SharePoint and OneDrive: `Audit.SharePoint`. */
export const fakeM365Sharepoint: FakeVendor = fakeActivityFeed({
  source: 'm365.sharepoint',
  samples: { 'Audit.SharePoint': [fileRead, fileRead, fileDownloaded, linkCreated] },
});

/** Teams and everything else: `Audit.General`, and `DLP.All`. */
export const fakeM365General: FakeVendor = fakeActivityFeed({
  source: 'm365.general',
  samples: { 'Audit.General': [teamCreated, settingChanged], 'DLP.All': [ruleMatched] },
  settings: { dlp: true },
});
