import { describe, expect, it } from 'vitest';
import { isAllowed } from '../../infra/local/aws/iam.ts';
import { readSettings } from '../../infra/settings.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { bare, list, resource, resourcesOf, synthesizeTemplate, written } from './synthesized.ts';

const aborts = { Id: 'AbortUploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } };
const plain = synthesizeTemplate();
const expiring = synthesizeTemplate({
  archive: { tenants: { acme: { retentionYears: 2 }, beta: { retentionYears: 10 } } },
});
const moving = synthesizeTemplate({ archive: { storageClass: 'glacierInstantRetrieval', transitionAfterDays: 120 } });

const rulesOf = (template: typeof plain) =>
  resource(template, 'AWS::S3::Bucket', 'BucketsArchive').Properties.LifecycleConfiguration;
const environmentOf = (template: typeof plain, name: string) =>
  resource(template, 'AWS::Lambda::Function', name).Properties.Environment.Variables;

/** The statements of the seal's role, resources written out. */
function sealStatements(template: typeof plain) {
  const [, role] = resourcesOf(template, 'AWS::IAM::Role').find(([id]) => bare(id) === 'SealingSealRole') ?? [];
  // biome-ignore lint/suspicious/noExplicitAny: a template has no static type
  const statements: any[] = role?.Properties.Policies[0].PolicyDocument.Statement;
  return statements.map(({ Effect, Action, Resource, Condition }) => ({
    Effect,
    Action: list<string>(Action),
    Resource: list(Resource).map((one) => written(one).replaceAll(/\{(\w+)\.Arn\}/g, 'arn:aws:s3:::$1')),
    ...(Condition && {
      Condition: Object.fromEntries(
        Object.entries<Record<string, string | string[]>>(Condition).map(([operator, keys]) => [
          operator,
          Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, list(values)])),
        ]),
      ),
    }),
  }));
}

describe('the lifecycle of the archive', () => {
  it('by default ends and moves nothing', () => {
    expect(rulesOf(plain)).toEqual({ Rules: [aborts] });
  });

  it('ends what is tagged as expired, and nothing else, where a tenant has a retention', () => {
    expect(rulesOf(expiring)).toEqual({
      Rules: [
        aborts,
        {
          Id: 'ExpireListed',
          Prefix: 'archive/',
          Status: 'Enabled',
          TagFilters: [{ Key: 'expired', Value: 'true' }],
          ExpirationInDays: 1,
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        },
        { Id: 'TidyUp', Prefix: 'archive/', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
      ],
    });
  });

  it('moves sealed files, and nothing else, where the setting says so', () => {
    const rule = (TransitionInDays: number) => ({
      Id: 'MoveSealed',
      Prefix: 'archive/',
      Status: 'Enabled',
      Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays }],
    });
    expect(rulesOf(moving)).toEqual({ Rules: [aborts, rule(120)] });
    const both = synthesizeTemplate({
      archive: { storageClass: 'glacierInstantRetrieval', tenants: { acme: { retentionYears: 2 } } },
    });
    expect(rulesOf(both).Rules.map(({ Id }: { Id: string }) => Id)).toEqual([
      'AbortUploads',
      'ExpireListed',
      'TidyUp',
      'MoveSealed',
    ]);
    expect(rulesOf(both).Rules.at(-1)).toEqual(rule(90));
  });
});

describe('the functions', () => {
  it.each(['SealingSealHandler', 'VerificationVerifyHandler', 'VerificationReconcileHandler'])(
    '%s is told how long each tenant’s files are kept',
    (name) => {
      expect(environmentOf(plain, name).ARCHIVE_RETENTION).toBe('{}');
      expect(JSON.parse(environmentOf(expiring, name).ARCHIVE_RETENTION)).toEqual({ acme: 2, beta: 10 });
    },
  );

  it('seal may tag sealed files as expired, with no other tag and nothing else, and only then', () => {
    const file = 'arn:aws:s3:::BucketsArchive/archive/event_date=2026-11-03/main/2026-11-03-1.parquet';
    const may = (template: typeof plain, tags: Record<string, string>, target = file) => {
      const context: Record<string, string[]> = { 's3:RequestObjectTagKeys': Object.keys(tags) };
      for (const [key, value] of Object.entries(tags)) context[`s3:RequestObjectTag/${key}`] = [value];
      return isAllowed(sealStatements(template), { action: 's3:PutObjectVersionTagging', resource: target, context });
    };
    const tags = { expired: 'true', digest: '2026-11-20' };
    expect(may(expiring, tags)).toBe(true);
    expect(may(plain, tags)).toBe(false);
    for (const other of [{}, { digest: 'x' }, { expired: 'yes' }, { sealed: 'true' }, { ...tags, sealed: 'true' }])
      expect(may(expiring, other), JSON.stringify(other)).toBe(false);
    for (const key of ['digests/2026-11-03.json', 'plans/2026-11-03.json', `keys/x.json`, `raw/x`])
      expect(may(expiring, tags, `arn:aws:s3:::BucketsArchive/${key}`), key).toBe(false);
  });

  it('seal has four grants more than without a retention', () => {
    const actions = (template: typeof plain) => sealStatements(template).flatMap(({ Action }) => Action);
    const before = actions(plain);
    expect(actions(expiring).filter((one) => !before.includes(one))).toEqual([
      's3:GetObjectRetention',
      's3:GetObjectLegalHold',
      's3:GetObjectVersionTagging',
      'dynamodb:Query',
    ]);
    expect(actions(expiring)).toHaveLength(before.length + 5);
  });
});

it('days for a transition that there is not are an error', () => {
  const archive = { transitionAfterDays: 90 };
  expect(() => readSettings({ archive })).toThrow(ConfigurationError);
  expect(() => readSettings({ archive })).toThrow('annals.archive.transitionAfterDays: is of no use without');
  expect(() => readSettings({ archive: { tenants: { Acme: { retentionYears: 1 } } } })).toThrow(
    'annals.archive.tenants',
  );
  expect(() => readSettings({ archive: { tenants: { acme: { retentionYears: 0 } } } })).toThrow('retentionYears');
});
