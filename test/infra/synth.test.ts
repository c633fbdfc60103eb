import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/bundle.ts';
import { synthesize } from '../../infra/synth.ts';
import { bare, inWorkspace, resource, resourcesOf, synthesizeTemplate, type Template, written } from './synthesized.ts';

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0b1c';

/** Names that the template gives, and CloudFormation does not. */
function physicalNames(template: Template): string[] {
  return Object.values(template.Resources).flatMap(({ Type, Properties }) => {
    // A saved query's name is a label within its workgroup.
    if (Type === 'AWS::Athena::NamedQuery') return [];
    const { Name, DatabaseInput, ...others } = Properties ?? {};
    const given = Object.entries(others).filter(
      ([key]) =>
        /^(Bucket|Table|Function|Role|Topic|LogGroup|DeliveryStream|Dashboard|Alarm)Name$/.test(key) &&
        Type !== 'AWS::Lambda::EventSourceMapping',
    );
    return [Name, DatabaseInput?.Name, ...given.map(([, value]) => value)].filter((name) => typeof name === 'string');
  });
}

describe('synthesize', () => {
  it('bundles each function into its own folder, ready to run', async () => {
    const handlers = inWorkspace((workspace) => {
      const template = synthesize({ ...workspace, context: { annals: {} } });
      const folder = dirname(template);
      const { files } = JSON.parse(readFileSync(template.replace('.template.json', '.assets.json'), 'utf8'));
      const assets = Object.values(files as Record<string, { source: { path: string; packaging: string } }>)
        .filter(({ source }) => source.packaging === 'zip')
        .map(({ source }) => join(folder, source.path));
      expect(assets.map((asset) => readdirSync(asset))).toEqual(assets.map(() => ['index.mjs', 'index.mjs.map']));
      return Promise.all(
        // Read here, as the folder is gone by the time that an import settles.
        assets.map(
          (asset) =>
            import(
              `data:text/javascript,${encodeURIComponent(readFileSync(join(asset, 'index.mjs'), 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(asset).href)))}`
            ),
        ),
      );
    });
    const names = await Promise.all((await handlers).map(({ handler }) => handler()));
    expect(names.sort()).toEqual([...FUNCTION_NAMES].sort());
  });

  it('gives the same template for the same input', () => {
    expect(synthesizeTemplate({ stage: 'dev' })).toEqual(synthesizeTemplate({ stage: 'dev' }));
  });

  it('takes the settings of cdk.json when no context overrides them', () => {
    const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
    const stage = context.annals.stage ?? 'prod';
    inWorkspace((workspace) =>
      expect(synthesize(workspace)).toBe(join(workspace.outdir, `Annals-${stage}.template.json`)),
    );
  });

  it('refuses settings that it does not know', () => {
    expect(() => synthesizeTemplate({ stages: 'dev' })).toThrow(/annals\.stages: there is no such setting/);
  });
});

it('two stages live in one account: no name is theirs both', () => {
  const [dev, prod] = [synthesizeTemplate({ stage: 'dev-1' }), synthesizeTemplate({ stage: 'prod' })].map(
    physicalNames,
  );
  expect(dev?.sort()).toEqual(['annals-dev-1', 'annals-dev-1', 'annals_dev_1']);
  expect(prod?.filter((name) => dev?.includes(name))).toEqual([]);
});

it('two stages keep their secrets apart', () => {
  const dev = synthesizeTemplate({ stage: 'dev' });
  expect(JSON.stringify(resource(dev, 'AWS::IAM::Role', 'FunctionsWebhookRole'))).toContain(
    ':parameter/annals/dev/connections/*',
  );
  const { Variables } = resource(dev, 'AWS::Lambda::Function', 'FunctionsWebhookHandler').Properties.Environment;
  expect(Variables.SECRET_PREFIX).toBe('/annals/dev/connections/');
});

describe('setting', () => {
  it('tiers, shards and tenant reach the functions', () => {
    const template = synthesizeTemplate({ tiers: { 'duo.auth': '365d' }, shards: { 'duo.auth': 4 }, tenant: 'acme' });
    const { Variables } = resource(template, 'AWS::Lambda::Function', 'FunctionsIngestHandler').Properties.Environment;
    expect(JSON.parse(Variables.TIERS)).toEqual({ 'duo.auth': '365d' });
    expect(JSON.parse(Variables.SHARDS)).toEqual({ default: 1, 'duo.auth': 4 });
    expect(Variables.TENANT).toBe('acme');
    expect(template.Outputs['Tenant']?.Value).toBe('acme');
  });

  it('removal: destroy lets everything go', () => {
    const template = synthesizeTemplate({ removal: 'destroy' });
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy']) {
      for (const [, { DeletionPolicy }] of resourcesOf(template, type))
        expect(DeletionPolicy ?? 'Delete').toBe('Delete');
    }
    for (const [, { Properties }] of resourcesOf(template, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties.Replicas[0].DeletionProtectionEnabled).toBe(false);
    }
    const { PolicyDocument } = resource(template, 'AWS::S3::BucketPolicy', 'BucketsArchivePolicy').Properties;
    const sids = PolicyDocument.Statement.map(({ Sid }: { Sid?: string }) => Sid);
    expect(sids).toContain('OnlyNewKeys');
    expect(sids).not.toContain('NobodyDeletes');
  });

  it('kmsKeyArn is used by tables, buckets, stream and whoever reads or writes them', () => {
    const template = synthesizeTemplate({ kmsKeyArn: KEY });
    for (const [, { Properties }] of resourcesOf(template, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
      expect(Properties.Replicas).toMatchObject([{ SSESpecification: { KMSMasterKeyId: KEY } }]);
    }
    for (const [, { Properties }] of resourcesOf(template, 'AWS::S3::Bucket')) {
      expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } },
      ]);
    }
    const [[, stream] = []] = resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream');
    expect(stream?.Properties.DeliveryStreamEncryptionConfigurationInput).toEqual({
      KeyType: 'CUSTOMER_MANAGED_CMK',
      KeyARN: KEY,
    });
    const roles = resourcesOf(template, 'AWS::IAM::Role').filter(
      ([id]) => !/ScheduleRole$|^Fingerprints|PageRole$/.test(bare(id)),
    );
    // The fingerprint's and the page's read nothing that is kept, Firehose's is one more.
    expect(roles).toHaveLength(FUNCTION_NAMES.length - 1);
    for (const [, { Properties }] of roles) {
      const statement = Properties.Policies[0].PolicyDocument.Statement.find(
        ({ Sid }: { Sid: string }) => Sid === 'UseKey',
      );
      expect(statement.Resource).toBe(KEY);
      expect(
        statement.Action.every((action: string) => /^kms:(Decrypt|DescribeKey|Encrypt|GenerateDataKey)$/.test(action)),
      ).toBe(true);
      const services = [statement.Condition.StringEquals['kms:ViaService']].flat().map(written);
      expect(services.every((one: string) => one.endsWith('.{AWS::Region}.{AWS::URLSuffix}'))).toBe(true);
    }
  });

  it('domain gives the API a name of its own', () => {
    const template = synthesizeTemplate({ domain: { name: 'audit.example.com', certificateArn: CERTIFICATE } });
    const domain = resource(template, 'AWS::ApiGatewayV2::DomainName', 'ApiDomain').Properties;
    expect(domain.DomainName).toBe('audit.example.com');
    expect(domain.DomainNameConfigurations).toMatchObject([{ CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL' }]);
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
    expect(template.Outputs['ApiUrl']?.Value).toBe('https://audit.example.com');
    expect(written(template.Outputs['ApiDomainTarget']?.Value)).toBe('{ApiDomain.RegionalDomainName}');
  });

  it.each(['team-boundary', 'arn:aws:iam::123456789012:policy/team-boundary'])(
    'permissionsBoundary %s is on every role',
    (policy) => {
      const template = synthesizeTemplate({ permissionsBoundary: policy });
      const roles = resourcesOf(template, 'AWS::IAM::Role');
      const schedules = resourcesOf(template, 'AWS::Scheduler::Schedule');
      expect(roles).toHaveLength(FUNCTION_NAMES.length + schedules.length + 1);
      for (const [, { Properties }] of roles)
        expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('team-boundary');
    },
  );

  it('tags, throttle, scanLimitGb and logRetentionDays do what they say', () => {
    const template = synthesizeTemplate({
      tags: { CostCentre: '42' },
      throttle: { rate: 7, burst: 8 },
      scanLimitGb: 2,
      logRetentionDays: 365,
    });
    expect(resource(template, 'AWS::S3::Bucket', 'BucketsArchive').Properties.Tags).toContainEqual({
      Key: 'CostCentre',
      Value: '42',
    });
    expect(resource(template, 'AWS::ApiGatewayV2::Stage', 'ApiStage').Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 7,
      ThrottlingBurstLimit: 8,
    });
    const { WorkGroupConfiguration } = resource(template, 'AWS::Athena::WorkGroup', 'CatalogWorkgroup').Properties;
    expect(WorkGroupConfiguration.BytesScannedCutoffPerQuery).toBe(2 * 1024 ** 3);
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays).toBe(365);
    }
  });
});
